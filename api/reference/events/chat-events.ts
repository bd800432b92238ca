import {
  ConversationAddedEvent,
  ConversationRemovedEvent,
  ConversationUpdatedEvent,
  NewMessageEvent,
  PresenceEvent,
  PresenceResyncEvent,
} from '@rov/realtime';

import { ids, message, presence } from '../examples.ts';
import { durable, numbered } from './frames.ts';
import { sharedEvents } from './shared-events.ts';
import { tell } from './told-event.ts';
import type { Told } from './told-event.ts';

/** What `chat:{userId}` carries, by the ids of the shapes. */
export const chatEvents: Record<string, Told> = {
  NewMessageEvent: tell(NewMessageEvent, {
    summary: 'A conversation of the user has a new last message',
    delivery: 'durable',
    example: {
      ...numbered,
      type: 'new_message',
      seq: message.seq,
      lastSeq: message.seq,
      messageId: message.id,
      clientId: message.clientId,
      senderId: ids.ann,
      messageType: message.type,
      preview: message.content,
    },
  }),
  PresenceEvent: tell(PresenceEvent, {
    summary: 'A contact came, went, or is idle',
    delivery: 'durable',
    example: { ...durable, type: 'presence', ...presence },
  }),
  PresenceResyncEvent: tell(PresenceResyncEvent, {
    summary: 'States of presence may not have been heard: ask for them again',
    delivery: 'durable',
    example: { ...durable, type: 'presence_resync', userId: ids.ben },
  }),
  ConversationAddedEvent: tell(ConversationAddedEvent, {
    summary: 'A conversation came into the list of the user',
    delivery: 'durable',
    example: { ...numbered, type: 'conversation_added', lastSeq: 42 },
  }),
  ConversationUpdatedEvent: tell(ConversationUpdatedEvent, {
    summary: "Something changed in the list's row of a conversation",
    delivery: 'durable',
    example: { ...numbered, type: 'conversation_updated', lastSeq: 42, title: 'Late lunch' },
  }),
  ConversationRemovedEvent: tell(ConversationRemovedEvent, {
    summary: 'The user is not in the conversation any more',
    delivery: 'durable',
    example: { ...numbered, type: 'conversation_removed', lastSeq: 42 },
  }),
  ...sharedEvents,
};
