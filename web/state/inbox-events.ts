import type { ChatChannelEvent, Conversation, NewMessageEvent, ReadEvent } from '@rov/realtime';

import type { Inbox } from './inbox.ts';
import {
  conversationOf,
  withInboxDoubt,
  withoutConversation,
  withRow,
  withStale,
} from './inbox.ts';
import { unreadAt } from './unread-at.ts';

/** The list after an event on the user's own channel. Presence is not its business. */
export function withChatEvent(inbox: Inbox, event: ChatChannelEvent, me: string): Inbox {
  switch (event.type) {
    case 'new_message':
      return withNewMessage(inbox, event, me);
    case 'read':
      return event.userId === me ? withOwnRead(inbox, event) : inbox;
    case 'conversation_added':
    case 'conversation_updated':
    case 'resync':
      return contains(inbox, event) ? inbox : withStale(inbox, event);
    case 'conversation_removed':
      return contains(inbox, event) ? inbox : withoutConversation(inbox, event.conversationId);
    case 'delivered':
    case 'presence':
    case 'presence_resync':
      return inbox;
    default:
      // A newer server may say what this client does not know yet.
      event satisfies never;
      return inbox;
  }
}

/** Reading moves the pointer at once; the server's count follows with its answer. */
export function withReadUpTo(inbox: Inbox, read: { conversationId: string; seq: number }): Inbox {
  return withRead(inbox, {
    conversationId: read.conversationId,
    lastReadSeq: read.seq,
    unreadCount: 0,
  });
}

function withOwnRead(inbox: Inbox, { unreadCount, ...read }: ReadEvent): Inbox {
  return unreadCount === undefined ? inbox : withRead(inbox, { ...read, unreadCount });
}

export function withRead(
  inbox: Inbox,
  read: { conversationId: string; lastReadSeq: number; unreadCount: number },
): Inbox {
  const known = conversationOf(inbox, read.conversationId);
  if (known === undefined || read.lastReadSeq < known.lastReadSeq) return inbox;
  return withRow(inbox, { ...known, ...unreadAt(known, read) });
}

function withNewMessage(inbox: Inbox, event: NewMessageEvent, me: string): Inbox {
  const known = conversationOf(inbox, event.conversationId);
  if (known === undefined) return withStale(inbox, event);
  if (known.epoch !== event.epoch) return withInboxDoubt(inbox);
  if (event.seq <= known.lastSeq) return inbox;
  const heard = withRow(inbox, withLastMessage(known, event, me));
  return event.seq > known.lastSeq + 1 ? withStale(heard, event) : heard;
}

function withLastMessage(known: Conversation, event: NewMessageEvent, me: string): Conversation {
  const { seq, senderId, preview, messageId: id, at: createdAt } = event;
  const mine = senderId === me;
  return {
    ...known,
    ev: Math.max(known.ev, event.ev),
    lastSeq: seq,
    lastMessage: { id, seq, senderId, preview, createdAt },
    lastReadSeq: mine ? seq : known.lastReadSeq,
    unreadCount: mine ? 0 : known.unreadCount + seq - known.lastSeq,
  };
}

/** Whether the row already is as new as the event. */
function contains(inbox: Inbox, event: { conversationId: string; ev: number; epoch: string }) {
  const known = conversationOf(inbox, event.conversationId);
  return known !== undefined && known.epoch === event.epoch && known.ev >= event.ev;
}
