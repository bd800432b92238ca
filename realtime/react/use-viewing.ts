import type { ChatState } from '../client/state/chat-state.ts';
import { roomOf } from '../client/state/selectors.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useRoom } from './use-room.ts';
import { useVisible } from './use-visible.ts';

export interface UseViewingResult extends Loading {
  /** The ids of the others who have it before their eyes. */
  data: readonly string[];
}

/**
 * Tells the others that the user looks at a conversation, as long as the component is there and the page in sight, and
 * who of them does. Nobody tells in one of more than a hundred.
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { data } = useViewing(id);
 * return data.length > 0 && <p>{data.join(', ')} are here</p>;
 */
export function useViewing(conversationId: string | undefined): UseViewingResult {
  const client = useChatClient('useViewing');
  const { status, error } = useRoom(client, conversationId, { silently: !useVisible() });
  return { data: useKnown(client, viewersOf, conversationId), status, error };
}

function viewersOf(state: ChatState, conversationId: string) {
  return Object.keys(roomOf(state, conversationId).viewing);
}
