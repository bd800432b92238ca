import type { Conversation } from '@rov/realtime';
import { useEffect } from 'react';

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
  const { id, lastReadSeq } = conversation;
  useEffect(() => {
    if (reading && seq > lastReadSeq) client.markRead(id, seq);
  }, [reading, seq, lastReadSeq, id, client]);
}
