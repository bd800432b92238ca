import { useMemo } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { conversationOf } from '../client/state/selectors.ts';
import { conversationGiven } from './conversation-given.ts';
import type { Loading } from './load-status.ts';
import { ownReadState } from './own-read-state.ts';
import type { OwnReadState } from './own-read-state.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useStanding } from './use-standing.ts';

export interface ReadActions {
  /** Read up to this message; without a number up to the last one. Shown at once, told once a second. */
  markRead: (seq?: number) => void;
  /** Unread again from this message on, for the user alone; null takes that back. */
  markUnread: (seq: number | null) => Promise<void>;
}

export interface UseReadStateResult extends Loading, ReadActions {
  data: OwnReadState;
}

/**
 * How far the user has read a conversation on all devices, and the ways to change it.
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { data, markRead } = useReadState(id);
 * return <button onClick={() => markRead()}>{data.unreadCount} unread</button>;
 */
export function useReadState(conversationId: string | undefined): UseReadStateResult {
  const client = useChatClient('useReadState');
  const { status, error } = useStanding(client, conversationId);
  const data = useKnown(client, ownReadState, conversationId);
  const actions = useMemo(() => actionsOf(client, conversationId), [client, conversationId]);
  return { data, status, error, ...actions };
}

function actionsOf(client: ChatClient, conversationId: string | undefined): ReadActions {
  const here = () => conversationGiven(conversationId, 'useReadState');
  return {
    markRead: (seq) => {
      const last = conversationOf(client.getState(), here())?.lastSeq ?? 0;
      client.markRead(here(), seq ?? last);
    },
    markUnread: async (seq) => {
      await client.markUnread(here(), seq);
    },
  };
}
