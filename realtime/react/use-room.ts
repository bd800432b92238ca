import { useEffect } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { LINGER_MS } from '../client/create-hold.ts';
import type { ChatState } from '../client/state/chat-state.ts';
import { roomOf } from '../client/state/selectors.ts';
import { loadingOf, WAITING } from './load-status.ts';
import type { Loading } from './load-status.ts';
import { useKnown } from './use-known.ts';
import { useStanding } from './use-standing.ts';

/** Keeps a conversation open as long as the component is there; all who do share one subscription. */
export function useRoom(
  client: ChatClient,
  conversationId: string | undefined,
  { silently = true }: { silently?: boolean } = {},
): Loading {
  useEffect(() => {
    if (conversationId === undefined) return undefined;
    const close = client.open(conversationId, { silently });
    return () => {
      setTimeout(close, LINGER_MS);
    };
  }, [client, conversationId, silently]);

  const standing = useStanding(client, conversationId);
  const { loaded, error } = useKnown(client, loadedOf, conversationId);
  if (conversationId === undefined) return WAITING;
  return !loaded && standing.status === 'error' ? standing : loadingOf({ loaded, error });
}

function loadedOf(state: ChatState, conversationId: string) {
  const { transcript, trouble: error } = roomOf(state, conversationId);
  return { loaded: transcript.epoch !== null, error };
}
