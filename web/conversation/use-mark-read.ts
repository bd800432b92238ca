import type { Conversation } from '@rov/realtime';
import { useEffect, useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useVisible } from '../chat/use-page.ts';

/** What is on the screen, at the end of the log and in front, has been read. */
export function useMarkRead({
  conversation,
  seq,
  atEnd,
}: {
  conversation: Conversation;
  /** Up to here every message is in the log. */
  seq: number;
  atEnd: boolean;
}) {
  const { client } = useChat();
  const reading = useVisible() && atEnd;
  const { id, lastReadSeq, unreadFromSeq = null } = conversation;
  // A mark ends when the conversation is read the next time; one that is set meanwhile stays.
  const [mark, setMark] = useState(unreadFromSeq);
  if (mark !== null && unreadFromSeq !== mark) setMark(null);
  const marked = mark !== null && unreadFromSeq === mark;
  useEffect(() => {
    if (reading && (seq > lastReadSeq || marked)) client.markRead(id, seq);
  }, [reading, seq, lastReadSeq, marked, id, client]);
}
