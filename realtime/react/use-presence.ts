import { useEffect, useSyncExternalStore } from 'react';

import type { KnownStatus } from '../client/presence-directory.ts';
import type { PresenceView } from '../client/presence.ts';
import type { ChosenStatus } from '../contract/primitives.ts';
import { useRealtime } from './use-realtime.ts';

export interface UsePresenceResult extends PresenceView {
  /** A user's status, asked for at the first call; `unknown` until then, and while nothing can be heard. */
  statusOf: (userId: string) => KnownStatus;
  /**
   * Chooses what others see, on every device and until something else is chosen: `auto`, `away` (never more than
   * that) or `invisible`. Rejects when it could not be stored.
   */
  choose: (status: ChosenStatus) => Promise<void>;
}

const NOTHING_YET: PresenceView = { presence: new Map(), status: 'unknown', chosen: 'unknown' };

/**
 * Says that the user is here, as long as the component is (a heartbeat per tab, idle after five minutes
 * without input), and tells who else is. Only below a `RealtimeProvider`.
 *
 * @example
 * const { statusOf } = usePresence();
 * return <Dot status={statusOf(contact.id)} />;
 */
export function usePresence(): UsePresenceResult {
  const { session } = useRealtime('usePresence');
  const { presence } = session;

  useEffect(() => session.watchPresence({ window, document }), [session]);

  const view = useSyncExternalStore(presence.view.watch, presence.view.get, () => NOTHING_YET);
  return {
    ...view,
    choose: presence.choose,
    statusOf: (userId) => {
      presence.want(userId);
      return view.presence.get(userId)?.status ?? 'unknown';
    },
  };
}
