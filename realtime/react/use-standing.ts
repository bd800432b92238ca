import { useEffect, useState } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import type { ChatState } from '../client/state/chat-state.ts';
import { conversationOf, isLookedUp } from '../client/state/selectors.ts';
import { loadingOf, WAITING } from './load-status.ts';
import type { Loading } from './load-status.ts';
import { useKnown } from './use-known.ts';

const GONE: Loading = {
  status: 'error',
  error: {
    ...{ status: 404, code: 'not_found' },
    message: 'This conversation does not exist, or you are not in it.',
  },
};

/** Whether there is such a conversation for this user. One beyond what was loaded of the list is asked for. */
export function useStanding(client: ChatClient, conversationId: string | undefined): Loading {
  const { listed, standing, error } = useKnown(client, standingOf, conversationId);
  const [asked, setAsked] = useState({ client, conversationId: '' });
  useEffect(() => {
    if (!listed || conversationId === undefined) return;
    client.lookUp(conversationId);
    // Before it was asked for, what the list lacks is not gone.
    // oxlint-disable-next-line react/set-state-in-effect -- only here it is known
    setAsked({ client, conversationId });
  }, [client, conversationId, listed]);

  if (conversationId === undefined) return WAITING;
  const answered = asked.client === client && asked.conversationId === conversationId;
  if (listed && answered && standing === 'gone') return GONE;
  return loadingOf({ loaded: standing === 'there', error });
}

function standingOf(state: ChatState, conversationId: string) {
  const { status, trouble: error } = state.inbox;
  const listed = status === 'ready';
  if (conversationOf(state, conversationId)) return { listed, standing: 'there', error };
  return { listed, standing: isLookedUp(state, conversationId) ? 'coming' : 'gone', error };
}
