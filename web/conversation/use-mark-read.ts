import type { Conversation } from '@rov/realtime';
import { useEffect, useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useVisible } from '../chat/use-page.ts';

/** Whoever rests for so long has read what is on the screen. */
const REST_MS = 500;

/**
 * What was on the screen, in front, has been read: at the end of the log at once, further up when the reader rests. What is
 * marked as unread stays so until the end.
 */
export function useMarkRead({
  conversation,
  seenTo,
  atEnd,
}: {
  conversation: Conversation;
  /** Every message up to this `seq` is in the log and was on the screen or above it; 0 before the first look. */
  seenTo: number;
  atEnd: boolean;
}) {
  const { client } = useChat();
  const { id, lastReadSeq, unreadFromSeq = null } = conversation;
  const reading = useVisible() && seenTo > 0 && (atEnd || unreadFromSeq === null);
  // A mark ends when the conversation is read the next time; one that is set meanwhile stays.
  const [mark, setMark] = useState(unreadFromSeq);
  if (mark !== null && unreadFromSeq !== mark) setMark(null);
  const marked = mark !== null && unreadFromSeq === mark;
  useEffect(() => {
    if (!reading || (seenTo <= lastReadSeq && !marked)) return undefined;
    if (atEnd) return client.markRead(id, seenTo);
    const rest = setTimeout(() => client.markRead(id, seenTo), REST_MS);
    return () => clearTimeout(rest);
  }, [reading, seenTo, atEnd, lastReadSeq, marked, id, client]);
}
