import { Id, UserId } from '@rov/realtime';
import * as z from 'zod';

export const ConversationPath = z.object({ conversationId: Id });
export const MessagePath = z.object({ conversationId: Id, messageId: Id });
export const ReactionPath = z.object({
  conversationId: Id,
  messageId: Id,
  emoji: z.string().describe('One emoji, percent-encoded as UTF-8'),
});
export const MemberPath = z.object({
  conversationId: Id,
  userId: UserId.describe('Or `me`, the caller'),
});
export const UserPath = z.object({ userId: UserId });
export const SessionPath = z.object({
  sessionId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .describe('Chosen by the page or app, one for as long as it is open'),
});
