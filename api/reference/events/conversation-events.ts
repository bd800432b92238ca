import {
  ConversationChangedEvent,
  MemberJoinedEvent,
  MemberLeftEvent,
  MemberUpdatedEvent,
  MessageDeletedEvent,
  MessageEvent,
  MessageUpdatedEvent,
  ReactionEvent,
  TypingEvent,
  ViewingEvent,
} from '@rov/realtime';

import { connection, ids, message } from '../examples.ts';
import { ephemeral, numbered } from './frames.ts';
import { sharedEvents } from './shared-events.ts';
import { tell } from './told-event.ts';
import type { Told } from './told-event.ts';

const changed = { messageId: message.id, seq: message.seq };
const current = { ...message, ev: numbered.ev, revision: 2 };

/** What `conversation:{conversationId}` carries, by the ids of the shapes. */
export const conversationEvents: Record<string, Told> = {
  MessageEvent: tell(MessageEvent, {
    summary: 'Somebody said something',
    delivery: 'durable',
    example: { ...numbered, type: 'message', message: { ...message, ev: numbered.ev } },
  }),
  MessageUpdatedEvent: tell(MessageUpdatedEvent, {
    summary: 'A message says something else now',
    delivery: 'durable',
    example: {
      ...numbered,
      ...changed,
      type: 'message_updated',
      message: { ...current, content: 'Lunch at two?', editedAt: numbered.at },
    },
  }),
  MessageDeletedEvent: tell(MessageDeletedEvent, {
    summary: 'A message became a tombstone',
    delivery: 'durable',
    example: {
      ...numbered,
      ...changed,
      type: 'message_deleted',
      message: { ...current, content: '', deletedAt: numbered.at },
      byUserId: ids.ann,
    },
  }),
  ReactionEvent: tell(ReactionEvent, {
    summary: 'Somebody chose an emoji for a message, or took it back',
    delivery: 'durable',
    example: {
      ...numbered,
      ...changed,
      type: 'reaction',
      message: {
        ...message,
        ev: numbered.ev,
        reactions: [{ emoji: '🍜', count: 1, userIds: [ids.ben] }],
      },
      userId: ids.ben,
      emoji: '🍜',
      added: true,
    },
  }),
  MemberJoinedEvent: tell(MemberJoinedEvent, {
    summary: 'Somebody came into the conversation',
    delivery: 'durable',
    example: {
      ...numbered,
      type: 'member_joined',
      userId: ids.ben,
      role: 'member',
      profile: connection.profile,
    },
  }),
  MemberLeftEvent: tell(MemberLeftEvent, {
    summary: 'Somebody left, or was removed',
    delivery: 'durable',
    example: { ...numbered, type: 'member_left', userId: ids.ben, byUserId: ids.ann },
  }),
  MemberUpdatedEvent: tell(MemberUpdatedEvent, {
    summary: 'A member has another role',
    delivery: 'durable',
    example: {
      ...numbered,
      type: 'member_updated',
      userId: ids.ben,
      role: 'admin',
      byUserId: ids.ann,
    },
  }),
  ConversationChangedEvent: tell(ConversationChangedEvent, {
    summary: 'The conversation has another title or picture',
    delivery: 'durable',
    example: { ...numbered, type: 'conversation_updated', title: 'Late lunch', image: null },
  }),
  ...sharedEvents,
  TypingEvent: tell(TypingEvent, {
    summary: 'Somebody writes, or stopped',
    delivery: 'ephemeral',
    example: { ...ephemeral, type: 'typing' },
  }),
  ViewingEvent: tell(ViewingEvent, {
    summary: 'Somebody has the conversation before their eyes, or not any more',
    delivery: 'ephemeral',
    example: { ...ephemeral, type: 'viewing' },
  }),
};
