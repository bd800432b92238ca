import * as z from 'zod';

import {
  Epoch,
  Ev,
  Id,
  Instant,
  Message,
  PresenceStatus,
  Seq,
  UserId,
  MemberRole,
  Profile,
} from './primitives.ts';

/**
 * Every durable event carries this. Events are absolute states with a monotone number, so a client
 * that merges by the highest number is indifferent to repeats, reordering and replay.
 */
const durable = {
  v: z.literal(1),
  eventId: z.uuid(),
  at: Instant,
  epoch: Epoch,
};

/** Of a conversation, with its number there. */
const numbered = { ...durable, conversationId: Id, ev: Ev };

/** `conversation:{id}`: somebody said something. */
export const MessageEvent = z
  .object({ ...numbered, type: z.literal('message'), message: Message })
  .meta({ id: 'MessageEvent' });
export type MessageEvent = z.infer<typeof MessageEvent>;

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

/** On either channel: something may not have been heard; read again from `fromSeq` on. */
export const ResyncEvent = z
  .object({ ...numbered, type: z.literal('resync'), fromSeq: Seq })
  .meta({ id: 'ResyncEvent' });
export type ResyncEvent = z.infer<typeof ResyncEvent>;

/** `chat:{userId}` of every member: a conversation has a new last message. */
export const NewMessageEvent = z
  .object({
    ...numbered,
    type: z.literal('new_message'),
    seq: Seq,
    lastSeq: Seq,
    messageId: Id,
    clientId: z.string().optional(),
    senderId: UserId,
    preview: z.string(),
  })
  .meta({ id: 'NewMessageEvent' });
export type NewMessageEvent = z.infer<typeof NewMessageEvent>;

/** `chat:{userId}` of the contacts who are there: somebody came or went. Merge by `version`. */
export const PresenceEvent = z
  .object({
    ...durable,
    type: z.literal('presence'),
    userId: UserId,
    status: PresenceStatus,
    lastSeenAt: Instant.nullable(),
    version: z.int().positive(),
  })
  .meta({ id: 'PresenceEvent' });
export type PresenceEvent = z.infer<typeof PresenceEvent>;

/** `chat:{userId}`: a conversation came into the list, or changed in it. */
export const ConversationAddedEvent = z
  .object({ ...numbered, type: z.literal('conversation_added'), lastSeq: Seq })
  .meta({ id: 'ConversationAddedEvent' });

export const ConversationUpdatedEvent = z
  .object({ ...numbered, type: z.literal('conversation_updated'), lastSeq: Seq })
  .meta({ id: 'ConversationUpdatedEvent' });

/** `chat:{userId}` of somebody who left or was removed. */
export const ConversationRemovedEvent = z
  .object({ ...numbered, type: z.literal('conversation_removed'), lastSeq: Seq })
  .meta({ id: 'ConversationRemovedEvent' });

/** `chat:{userId}`: one's own other devices learn what was read. */
export const ReadEvent = z
  .object({
    ...durable,
    type: z.literal('read'),
    conversationId: Id,
    userId: UserId,
    lastReadSeq: Seq,
    unreadCount: z.int().nonnegative(),
  })
  .meta({ id: 'ReadEvent' });
export type ReadEvent = z.infer<typeof ReadEvent>;

/** `chat:{userId}`: states of presence were lost on the way; ask for them again. */
export const PresenceResyncEvent = z
  .object({ ...durable, type: z.literal('presence_resync'), userId: UserId })
  .meta({ id: 'PresenceResyncEvent' });

/** What `conversation:{id}` may carry. A client ignores types and fields that it does not know. */
export const ConversationChannelEvent = z.discriminatedUnion('type', [
  MessageEvent,
  MemberJoinedEvent,
  MemberLeftEvent,
  ResyncEvent,
]);
export type ConversationChannelEvent = z.infer<typeof ConversationChannelEvent>;

/** What `chat:{userId}` may carry. */
export const ChatChannelEvent = z.discriminatedUnion('type', [
  NewMessageEvent,
  PresenceEvent,
  PresenceResyncEvent,
  ReadEvent,
  ConversationAddedEvent,
  ConversationUpdatedEvent,
  ConversationRemovedEvent,
  ResyncEvent,
]);
export type ChatChannelEvent = z.infer<typeof ChatChannelEvent>;
