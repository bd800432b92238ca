import * as z from 'zod';

import {
  ClientId,
  Epoch,
  Ev,
  Id,
  Instant,
  LastMessage,
  MemberRole,
  Profile,
  Seq,
  UserId,
} from '../primitives.ts';
import { listOf, ListQuery } from './list.ts';

export const Conversation = z
  .object({
    id: Id,
    kind: z.enum(['direct', 'group']),
    title: z.string().nullable().describe('Of a group; null for a direct conversation'),
    image: z.string().nullable(),
    lastSeq: Seq.describe('Of the newest message; 0 while there is none'),
    ev: Ev.describe('Of the newest event'),
    epoch: Epoch,
    unreadCount: z.int().nonnegative(),
    lastReadSeq: Seq.describe('Up to where the caller has read'),
    unreadFromSeq: Seq.nullable()
      .optional()
      .describe('Marked as unread by the caller from this message on; null: not marked'),
    role: MemberRole.describe("The caller's own"),
    memberCount: z.int().nonnegative(),
    members: z.array(Profile).describe('The first to join, at most ten, oldest first'),
    lastMessage: LastMessage.nullable().describe(
      'null while there is none that the caller may read',
    ),
    createdAt: Instant,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
export const ConversationList = listOf(Conversation, 'ConversationList');
export type ConversationList = z.infer<typeof ConversationList>;

export const ConversationsQuery = ListQuery.extend({
  filter: z
    .enum(['unread', 'direct', 'group'])
    .optional()
    .describe('Only those with something unread, or of one kind'),
});

export const CreateGroupRequest = z
  .strictObject({
    clientId: ClientId,
    title: z.string().trim().min(1).max(100),
    memberIds: z.array(UserId).max(1000).describe('The others; the caller becomes the owner'),
  })
  .meta({ id: 'CreateGroupRequest' });

export const UpdateConversationRequest = z
  .strictObject({
    title: z.string().trim().min(1).max(100).optional(),
    image: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable()
      .optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { message: 'Say what to change' })
  .meta({ id: 'UpdateConversationRequest' });

export const UpdateOwnMembershipRequest = z
  .strictObject({
    unreadFromSeq: Seq.nullable().describe(
      'Marks the conversation as unread from this message on, for the caller alone; null takes it back',
    ),
  })
  .meta({ id: 'UpdateOwnMembershipRequest' });
