import type { ChatState } from '../client/state/chat-state.ts';
import { conversationOf, roomOf } from '../client/state/selectors.ts';
import type { Message } from '../contract/index.ts';

/** How far the user has read a conversation. */
export interface OwnReadState {
  /** Up to here; 0 while nothing was read. */
  lastReadSeq: number;
  /** Marked as unread from this message on. */
  unreadFromSeq: number | null;
  unreadCount: number;
  /** Where a line above what is unread belongs; null where nothing is. */
  firstUnreadSeq: number | null;
}

const NOTHING_READ: OwnReadState = {
  ...{ lastReadSeq: 0, unreadFromSeq: null, unreadCount: 0, firstUnreadSeq: null },
};

export function ownReadState(state: ChatState, conversationId: string): OwnReadState {
  const conversation = conversationOf(state, conversationId);
  if (conversation === undefined) return NOTHING_READ;
  const { lastReadSeq, unreadCount, unreadFromSeq = null } = conversation;
  const pointer = Math.min(lastReadSeq, (unreadFromSeq ?? Infinity) - 1);
  const firstUnreadSeq = unreadCount === 0 ? null : firstUnread(state, conversationId, pointer);
  return { lastReadSeq, unreadFromSeq, unreadCount, firstUnreadSeq };
}

/** The first that counts, as far as messages are held; else the one behind the pointer. */
function firstUnread(state: ChatState, conversationId: string, pointer: number): number {
  const { items, hasOlder } = roomOf(state, conversationId).transcript;
  const held = !hasOlder || (items[0]?.seq ?? Infinity) <= pointer + 1;
  const counts = ({ seq, senderId, type, deletedAt }: Message) =>
    seq > pointer && senderId !== state.me && type !== 'system' && !deletedAt;
  return (held ? items.find(counts)?.seq : undefined) ?? pointer + 1;
}
