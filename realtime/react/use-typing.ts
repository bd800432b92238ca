import { useMemo } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { typersOf } from '../client/state/selectors.ts';
import { conversationGiven } from './conversation-given.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useRoom } from './use-room.ts';

export interface TypingActions {
  /** For each key: others hear of it at most every three seconds. */
  typing: () => void;
  /** The text was given up. Sending says that by itself. */
  stopTyping: () => void;
}

export interface UseTypingResult extends Loading, TypingActions {
  /** The ids of the others who write at the moment. */
  data: readonly string[];
}

/**
 * Who writes in a conversation, and the way to tell that oneself does. Nobody tells in one of more than a hundred.
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { data, typing } = useTyping(id);
 * return <><textarea onInput={typing} />{data.length > 0 && <p>{data.join(', ')} …</p>}</>;
 */
export function useTyping(conversationId: string | undefined): UseTypingResult {
  const client = useChatClient('useTyping');
  const { status, error } = useRoom(client, conversationId);
  const data = useKnown(client, typersOf, conversationId);
  const actions = useMemo(() => actionsOf(client, conversationId), [client, conversationId]);
  return { data, status, error, ...actions };
}

function actionsOf(client: ChatClient, conversationId: string | undefined): TypingActions {
  const here = () => conversationGiven(conversationId, 'useTyping');
  return {
    typing: () => client.typing(here()),
    stopTyping: () => client.stopTyping(here()),
  };
}
