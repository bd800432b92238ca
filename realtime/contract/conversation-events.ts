import * as z from 'zod';

import { durable, numbered } from './event-frame.ts';
import { Id, Instant, MemberRole, Message, Profile, Seq, UserId } from './primitives.ts';

/** `conversation:{id}`: somebody said something. */
export const MessageEvent = z
  .object({ ...numbered, type: z.literal('message'), message: Message })
  .meta({ id: 'MessageEvent' });
export type MessageEvent = z.infer<typeof MessageEvent>;

/**
 * A message as it is now. Absent where somebody who listens came after it and may not read it: whoever may asks for
 * what changed.
 */
const changed = { messageId: Id, seq: Seq, message: Message.optional() };

/** `conversation:{id}`: a message says something else now. */
export const MessageUpdatedEvent = z
  .object({ ...numbered, ...changed, type: z.literal('message_updated') })
  .meta({ id: 'MessageUpdatedEvent' });
export type MessageUpdatedEvent = z.infer<typeof MessageUpdatedEvent>;

/** `conversation:{id}`: a message became a tombstone. */
export const MessageDeletedEvent = z
  .object({ ...numbered, ...changed, type: z.literal('message_deleted'), byUserId: UserId })
  .meta({ id: 'MessageDeletedEvent' });
export type MessageDeletedEvent = z.infer<typeof MessageDeletedEvent>;

/** `conversation:{id}`: somebody chose an emoji for a message, or took it back. */
export const ReactionEvent = z
  .object({
    ...numbered,
    ...changed,
    type: z.literal('reaction'),
    userId: UserId,
    emoji: z.string(),
    added: z.boolean().describe('false: taken back'),
  })
  .meta({ id: 'ReactionEvent' });
export type ReactionEvent = z.infer<typeof ReactionEvent>;

/** `conversation:{id}`: who is in the conversation changed. */
export const MemberJoinedEvent = z
  .object({
    ...numbered,
    type: z.literal('member_joined'),
    userId: UserId,
    role: MemberRole,
    profile: Profile,
  })
  .meta({ id: 'MemberJoinedEvent' });
export type MemberJoinedEvent = z.infer<typeof MemberJoinedEvent>;

export const MemberLeftEvent = z
  .object({ ...numbered, type: z.literal('member_left'), userId: UserId, byUserId: UserId })
  .meta({ id: 'MemberLeftEvent' });
export type MemberLeftEvent = z.infer<typeof MemberLeftEvent>;

/** `conversation:{id}`: a member has another role. */
export const MemberUpdatedEvent = z
  .object({
    ...numbered,
    type: z.literal('member_updated'),
    userId: UserId,
    role: MemberRole,
    byUserId: UserId,
  })
  .meta({ id: 'MemberUpdatedEvent' });
export type MemberUpdatedEvent = z.infer<typeof MemberUpdatedEvent>;

/** `conversation:{id}`: the conversation has another title or picture. */
export const ConversationChangedEvent = z
  .object({
    ...numbered,
    type: z.literal('conversation_updated'),
    title: z.string().nullable(),
    image: z.string().nullable(),
  })
  .meta({ id: 'ConversationChangedEvent' });
export type ConversationChangedEvent = z.infer<typeof ConversationChangedEvent>;

/** On either channel: something may not have been heard; read again from `fromSeq` on. */
export const ResyncEvent = z
  .object({ ...numbered, type: z.literal('resync'), fromSeq: Seq })
  .meta({ id: 'ResyncEvent' });
export type ResyncEvent = z.infer<typeof ResyncEvent>;

/**
 * How far a member has read. On `conversation:{id}` for everybody there, while they are at most a hundred; on
 * `chat:{userId}` of the other one in a direct conversation; and on the reader's own, for their other devices, with
 * what is left. A pointer never goes back: the higher one holds. A count and a mark may: those of the event with the later
 * `at` hold, and what came behind its `lastSeq` comes on top.
 */
export const ReadEvent = z
  .object({
    ...durable,
    type: z.literal('read'),
    conversationId: Id,
    userId: UserId,
    lastReadSeq: Seq,
    unreadCount: z.int().nonnegative().optional().describe("On the reader's own channel only"),
    lastSeq: Seq.optional().describe(
      "On the reader's own channel only: the last message that `unreadCount` counts; what came after it comes on top",
    ),
    unreadFromSeq: Seq.nullable()
      .optional()
      .describe("On the reader's own channel only: marked as unread from there on"),
  })
  .meta({ id: 'ReadEvent' });
export type ReadEvent = z.infer<typeof ReadEvent>;

/** The same for how far messages have reached a device of a member; in direct conversations only. */
export const DeliveredEvent = z
  .object({
    ...durable,
    type: z.literal('delivered'),
    conversationId: Id,
    userId: UserId,
    lastDeliveredSeq: Seq,
  })
  .meta({ id: 'DeliveredEvent' });
export type DeliveredEvent = z.infer<typeof DeliveredEvent>;

/** Neither stored nor repeated: it holds until `expiresInMs` after it was heard, or until the next of its user. */
const ephemeral = {
  v: z.literal(1),
  conversationId: Id,
  userId: UserId,
  state: z.enum(['start', 'stop']),
  at: Instant,
  expiresInMs: z.int().nonnegative(),
};

/** `conversation:{id}`: somebody writes, or stopped. */
export const TypingEvent = z
  .object({ ...ephemeral, type: z.literal('typing') })
  .meta({ id: 'TypingEvent' });
export type TypingEvent = z.infer<typeof TypingEvent>;

/** `conversation:{id}`: somebody has the conversation before their eyes, or not any more. */
export const ViewingEvent = z
  .object({ ...ephemeral, type: z.literal('viewing') })
  .meta({ id: 'ViewingEvent' });
export type ViewingEvent = z.infer<typeof ViewingEvent>;

/** What `conversation:{id}` may carry. A client ignores types and fields that it does not know. */
export const ConversationChannelEvent = z.discriminatedUnion('type', [
  MessageEvent,
  MessageUpdatedEvent,
  MessageDeletedEvent,
  ReactionEvent,
  MemberJoinedEvent,
  MemberLeftEvent,
  MemberUpdatedEvent,
  ConversationChangedEvent,
  ResyncEvent,
  ReadEvent,
  DeliveredEvent,
  TypingEvent,
  ViewingEvent,
]);
export type ConversationChannelEvent = z.infer<typeof ConversationChannelEvent>;
