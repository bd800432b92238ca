import { Id, UserId } from '@rov/realtime';
import * as z from 'zod';

export const ConversationPath = z.object({ conversationId: Id });
export const MemberPath = z.object({ conversationId: Id, userId: UserId });
export const UserPath = z.object({ userId: UserId });
export const SessionPath = z.object({ sessionId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
