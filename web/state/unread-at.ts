import type { Conversation } from '@rov/realtime';

type ReadUpTo = { lastReadSeq: number; unreadCount: number };

/**
 * How many messages are unread once everything up to `read.lastReadSeq` has been read.
 *
 * The count that comes with a pointer was made when the server answered; messages heard since are not
 * in it. So the count is the server's, or what can remain above the pointer if that is more.
 */
export function unreadAt(conversation: Conversation, read: ReadUpTo): ReadUpTo {
  const { lastSeq, lastReadSeq, unreadCount } = conversation;
  if (read.lastReadSeq < lastReadSeq) return { lastReadSeq, unreadCount };
  const above = Math.max(0, lastSeq - read.lastReadSeq);
  const left = Math.max(read.unreadCount, Math.min(above, unreadCount));
  return { lastReadSeq: read.lastReadSeq, unreadCount: Math.min(above, left) };
}
