import type { ChatState } from '../client/state/chat-state.ts';
import { conversationOf } from '../client/state/selectors.ts';
import type { Conversation } from '../contract/index.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useStanding } from './use-standing.ts';

export interface UseConversationResult extends Loading {
  data: Conversation | undefined;
}

/**
 * One conversation as it stands in the list, also beyond what was loaded of that. `error` with `code` `not_found`:
 * there is none of this id, or the user is not in it (any more).
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { data, status } = useConversation(id);
 * return status === 'error' ? <NotFound /> : <h1>{data?.title}</h1>;
 */
export function useConversation(conversationId: string | undefined): UseConversationResult {
  const client = useChatClient('useConversation');
  const { status, error } = useStanding(client, conversationId);
  return { data: useKnown(client, known, conversationId), status, error };
}

function known(state: ChatState, conversationId: string) {
  return conversationOf(state, conversationId);
}
