import type { Conversation } from '../../contract/index.ts';
import type { ChatState, Room } from './chat-state.ts';
import { emptyRoom } from './chat-state.ts';
import { isStale } from './needs.ts';

/** The conversation as it stands in the list. */
export function conversationOf(
  { inbox }: Pick<ChatState, 'inbox'>,
  conversationId: string,
): Conversation | undefined {
  return inbox.rows[conversationId]?.conversation ?? undefined;
}

/** Whether it is not known yet whether there is such a conversation. */
export function isLookedUp({ inbox }: Pick<ChatState, 'inbox'>, conversationId: string): boolean {
  const row = inbox.rows[conversationId];
  return row !== undefined && row.conversation === null && isStale(row);
}

/** What is known of a conversation from the inside; the same empty room where nothing is. */
export function roomOf({ rooms }: Pick<ChatState, 'rooms'>, conversationId: string): Room {
  return rooms[conversationId] ?? emptyRoom;
}

/** Unread messages over all conversations, also those that were not loaded. */
export function totalUnread({ inbox }: Pick<ChatState, 'inbox'>): number {
  return unreadIn(inbox.conversations) + inbox.unreadBeyond;
}

export function unreadIn(conversations: readonly Conversation[]): number {
  return conversations.reduce((sum, { unreadCount }) => sum + unreadCount, 0);
}

/** Who writes in a conversation, by user id. */
export function typersOf(state: Pick<ChatState, 'rooms'>, conversationId: string): string[] {
  return Object.keys(roomOf(state, conversationId).typing);
}
