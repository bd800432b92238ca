import { useMemo, useSyncExternalStore } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { emptyChat } from '../client/state/chat-state.ts';
import type { ChatState } from '../client/state/chat-state.ts';
import { sameWhileEqual } from './same-while-equal.ts';

const NOTHING = emptyChat('');

/**
 * A part of what the client knows, the same as long as nothing in it changed; nothing on a server.
 *
 * @param select a function that is the same in each render. Without a conversation it is given an empty id.
 */
export function useKnown<Part>(
  client: ChatClient,
  select: (state: ChatState, conversationId: string) => Part,
  conversationId = '',
): Part {
  const { part, partOnServer } = useMemo(() => {
    const onServer = select(NOTHING, conversationId);
    const now = () => select(client.getState(), conversationId);
    return { part: sameWhileEqual(now, onServer), partOnServer: () => onServer };
  }, [client, select, conversationId]);
  return useSyncExternalStore(client.subscribe, part, partOnServer);
}
