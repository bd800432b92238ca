import { useMemo } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { newClientId } from '../client/chat/new-client-id.ts';
import type { ChatState } from '../client/state/chat-state.ts';
import type { Conversation } from '../contract/index.ts';
import { loadingOf } from './load-status.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';

export interface UseConversationsResult extends Loading {
  /** Newest first. */
  data: readonly Conversation[];
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  /** The conversation with somebody, begun where there is none. */
  openDirect: (userId: string) => Promise<Conversation>;
  /** A `clientId` that is kept makes a repeated call harmless. */
  createGroup: (group: {
    title: string;
    memberIds: string[];
    clientId?: string;
  }) => Promise<Conversation>;
}

/**
 * The list of conversations with their last messages and unread counts, as it changes.
 *
 * @example
 * const { data, hasMore, loadMore } = useConversations();
 * return data.map(({ id, title, unreadCount }) => <Row key={id} title={title} unread={unreadCount} />);
 */
export function useConversations(): UseConversationsResult {
  const client = useChatClient('useConversations');
  const data = useKnown(client, conversationsOf);
  const { loaded, error, ...more } = useKnown(client, listOf);
  const actions = useMemo(() => actionsOf(client), [client]);
  return { data, ...loadingOf({ loaded, error }), ...more, ...actions };
}

function conversationsOf({ inbox }: ChatState) {
  return inbox.conversations;
}

function listOf({ inbox }: ChatState) {
  return {
    ...{ loaded: inbox.status === 'ready', error: inbox.trouble },
    ...{ hasMore: inbox.nextCursor !== null, isLoadingMore: inbox.wantsMore },
  };
}

function actionsOf(
  client: ChatClient,
): Pick<UseConversationsResult, 'loadMore' | 'openDirect' | 'createGroup'> {
  return {
    loadMore: client.loadMore,
    openDirect: client.openDirect,
    createGroup: ({ clientId = newClientId(), ...group }) =>
      client.createGroup({ clientId, ...group }),
  };
}
