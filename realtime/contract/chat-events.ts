import * as z from 'zod';

import { DeliveredEvent, ReadEvent, ResyncEvent } from './conversation-events.ts';
import { durable, numbered } from './event-frame.ts';
import {
  Id,
  Instant,
  LastMessage,
  MessageType,
  PresenceStatus,
  Seq,
  UserId,
} from './primitives.ts';

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
    messageType: MessageType.optional().describe('`system` never counts as unread'),
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

/** `chat:{userId}`: states of presence were lost on the way; ask for them again. */
export const PresenceResyncEvent = z
  .object({ ...durable, type: z.literal('presence_resync'), userId: UserId })
  .meta({ id: 'PresenceResyncEvent' });

/** `chat:{userId}`: a conversation came into the list, or changed in it. */
export const ConversationAddedEvent = z
  .object({ ...numbered, type: z.literal('conversation_added'), lastSeq: Seq })
  .meta({ id: 'ConversationAddedEvent' });

/** What changed is there as it is now; where nothing is, the row has to be read again. */
export const ConversationUpdatedEvent = z
  .object({
    ...numbered,
    type: z.literal('conversation_updated'),
    lastSeq: Seq,
    title: z.string().nullable().optional(),
    image: z.string().nullable().optional(),
    memberCount: z.int().nonnegative().optional(),
    lastMessage: LastMessage.optional(),
    deletedSeq: Seq.optional().describe('This message does not count as unread any more'),
  })
  .meta({ id: 'ConversationUpdatedEvent' });
export type ConversationUpdatedEvent = z.infer<typeof ConversationUpdatedEvent>;

/** `chat:{userId}` of somebody who left or was removed. */
export const ConversationRemovedEvent = z
  .object({ ...numbered, type: z.literal('conversation_removed'), lastSeq: Seq })
  .meta({ id: 'ConversationRemovedEvent' });

/** What `chat:{userId}` may carry. A client ignores types and fields that it does not know. */
export const ChatChannelEvent = z.discriminatedUnion('type', [
  NewMessageEvent,
  PresenceEvent,
  PresenceResyncEvent,
  ReadEvent,
  DeliveredEvent,
  ConversationAddedEvent,
  ConversationUpdatedEvent,
  ConversationRemovedEvent,
  ResyncEvent,
]);
export type ChatChannelEvent = z.infer<typeof ChatChannelEvent>;
