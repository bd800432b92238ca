import type { Page } from '../activity.ts';
import { createCell } from '../cell.ts';
import type { ChannelState } from '../channel-state.ts';
import type { RealtimeError } from '../realtime-error.ts';

/** How the way from the server stands: what is heard by itself, and what is not. */
export interface ConnectionStatus {
  /**
   * `waiting` is not started; `connecting` was never heard; `reconnecting` was; `offline` has no network;
   * `ended` does not come back by itself, and `error` says why.
   */
  status: 'waiting' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';
  /** Since when, in milliseconds since the epoch; null while it waits. */
  since: number | null;
  /** Until when everything was heard at once; null while it is, and where it never was. */
  liveUntil: number | null;
  /** Why it is not live, as far as that is known. */
  error: RealtimeError | null;
}

const WAITING: ConnectionStatus = {
  ...{ status: 'waiting', since: null, liveUntil: null, error: null },
};

const UNHEARD: ChannelState = { status: 'waiting', error: null };

/** Follows the user's own channel, which is told here how it stands, and the network of the page. */
export function createConnectionStatus(page: Page | null) {
  const live = createCell(UNHEARD);
  const told = createCell(WAITING);

  function look() {
    const known = told.get();
    const { status: heard, error } = live.get();
    const wasLive = known.status === 'live' || known.liveUntil !== null;
    const status = statusOf({ heard, wasLive });
    if (status === known.status && error === known.error) return;
    if (status === 'waiting') return told.set(WAITING);
    const now = Date.now();
    const since = status === known.status ? known.since : now;
    const ended = known.status === 'live' ? now : known.liveUntil;
    told.set({ status, error, since, liveUntil: status === 'live' ? null : ended });
  }

  live.watch(look);
  return {
    live,
    told,
    /** Returns the way to stop. */
    start: (): (() => void) => {
      for (const name of ['online', 'offline']) page?.window.addEventListener(name, look);
      return () => {
        for (const name of ['online', 'offline']) page?.window.removeEventListener(name, look);
        live.set(UNHEARD);
      };
    },
  };
}

function statusOf({ heard, wasLive }: { heard: ChannelState['status']; wasLive: boolean }) {
  switch (heard) {
    case 'waiting':
      return 'waiting';
    case 'subscribed':
      return 'live';
    case 'unsubscribed':
    case 'error':
      return 'ended';
    case 'connecting':
      if (hasNoNetwork()) return 'offline';
      return wasLive ? 'reconnecting' : 'connecting';
    default:
      return heard satisfies never;
  }
}

/** A browser that says it has one may be wrong; Node does not say. */
function hasNoNetwork(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}
