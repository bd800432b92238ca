import { useMemo } from 'react';

import type { ChatState } from '../client/state/chat-state.ts';
import { totalUnread } from '../client/state/selectors.ts';
import { loadingOf } from './load-status.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';

export interface UseUnreadResult extends Loading {
  data: {
    /** Over all conversations, also those that were not loaded. */
    total: number;
    /** Where it is not zero, by the id of the conversation. */
    byConversation: Readonly<Record<string, number>>;
  };
}

/**
 * How many messages are unread. Rendered again when one of these numbers changes, and for nothing else.
 *
 * @example
 * const { data } = useUnread();
 * return <Badge count={data.total} />;
 */
export function useUnread(): UseUnreadResult {
  const client = useChatClient('useUnread');
  const total = useKnown(client, totalUnread);
  const byConversation = useKnown(client, unreadByConversation);
  const loading = useKnown(client, loadingList);
  const data = useMemo(() => ({ total, byConversation }), [total, byConversation]);
  return { data, ...loading };
}

function unreadByConversation({ inbox }: ChatState) {
  const unread = inbox.conversations.filter(({ unreadCount }) => unreadCount > 0);
  return Object.fromEntries(unread.map(({ id, unreadCount }) => [id, unreadCount]));
}

function loadingList({ inbox }: ChatState): Loading {
  return loadingOf({ loaded: inbox.status === 'ready', error: inbox.trouble });
}
