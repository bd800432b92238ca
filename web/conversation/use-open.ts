import type { Conversation } from '@rov/realtime';
import { roomOf } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useVisible } from '../chat/use-page.ts';
import { isLoaded } from './is-loaded.ts';

/** So many of the newest messages are there at first. */
const NEWEST = 50;

/**
 * Listens to a conversation as long as its view is there, and begins with what is unread, however far up it is. The
 * others are told that one looks at it while one can.
 */
export function useOpen({ id, lastSeq }: Conversation, unreadAfter: number | null) {
  const { client } = useChat();
  const visible = useVisible();
  const [farUp] = useState(() => {
    const first = (unreadAfter ?? lastSeq) + 1;
    const { transcript } = roomOf(client.getState(), id);
    const held = isLoaded(transcript, first) && transcript.heldTo >= first;
    return lastSeq - first >= NEWEST && !held ? first : null;
  });
  useEffect(() => {
    // Before anything is asked for: else the newest would come first.
    if (farUp !== null) client.loadAround(id, farUp);
    return client.open(id, { silently: true });
  }, [client, id, farUp]);
  useEffect(() => (visible ? client.open(id) : undefined), [client, id, visible]);
}
