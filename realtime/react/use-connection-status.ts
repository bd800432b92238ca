import { useMemo, useSyncExternalStore } from 'react';

import type { ConnectionStatus } from '../client/chat/connection-status.ts';
import type { RealtimeError } from '../client/realtime-error.ts';
import type { ChatState, Trouble } from '../client/state/chat-state.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';

export interface UseConnectionStatusResult {
  /**
   * `live`: news comes by itself. `reconnecting` and `offline` (no network): it will, later. `ended`: it will not, and
   * `error` says why. `waiting` is not started, as on a server.
   */
  status: ConnectionStatus['status'];
  data: {
    /** Since when it stands so, in milliseconds since the epoch; null while it waits. */
    since: number | null;
    /** Until when it was live: what came later may be missing. Null while it is live, and where it never was. */
    liveUntil: number | null;
    /** One's own messages that are not confirmed, in all conversations: they are sent when that is possible. */
    unsent: number;
  };
  /** What is wrong with the connection, else what the API answered (or did not) when it was asked last. */
  error: RealtimeError | Trouble | null;
}

/**
 * Whether what is shown is up to date, for a banner that tells the truth.
 *
 * @example
 * const { status, data } = useConnectionStatus();
 * if (status === 'offline') return <p>Offline. {data.unsent} messages will be sent later.</p>;
 */
export function useConnectionStatus(): UseConnectionStatusResult {
  const client = useChatClient('useConnectionStatus');
  const { connection } = client;
  const told = useSyncExternalStore(connection.watch, connection.get, () => WAITING);
  const unsent = useKnown(client, unsentIn);
  const trouble = useKnown(client, listTrouble);
  const { status, since, liveUntil, error } = told;
  const data = useMemo(() => ({ since, liveUntil, unsent }), [since, liveUntil, unsent]);
  return { data, status, error: error ?? trouble };
}

const WAITING: ConnectionStatus = {
  ...{ status: 'waiting', since: null, liveUntil: null, error: null },
};

function unsentIn({ rooms }: ChatState) {
  return Object.values(rooms).reduce((sum, { pending }) => sum + pending.length, 0);
}

function listTrouble({ inbox }: ChatState) {
  return inbox.trouble;
}
