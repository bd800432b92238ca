import { chatChannel } from '../contract/channels.ts';
import type { Page } from './activity.ts';
import { createCell } from './cell.ts';
import type { Cell } from './cell.ts';
import type { Connection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createPresenceDirectory } from './presence-directory.ts';
import type { KnownStatus, UserPresence } from './presence-directory.ts';
import { readPresenceEvent } from './presence-event.ts';
import type { RealtimeApi } from './realtime-api.ts';

export interface PresenceView {
  /** Of everybody who was asked for or heard of. */
  presence: ReadonlyMap<string, UserPresence>;
  /** One's own, as others see it. */
  status: KnownStatus;
}

export interface PresenceWatch {
  view: Cell<PresenceView>;
  /** Asks for a user's presence, unless it was asked for. */
  want: (userId: string) => void;
  /** Begins to beat and to listen. Returns the way to stop. */
  start: (where: { connection: Connection; page: Page }) => () => void;
}

interface PresenceOptions {
  api: Pick<RealtimeApi, 'presenceOf' | 'beat' | 'leave' | 'subscriptionToken'>;
  report: (error: unknown) => void;
  idleAfterMs?: number | undefined;
}

/** Says that the user is here and tells who else is: one per signed-in user and tab. */
export function createPresence({
  api,
  report,
  idleAfterMs = 5 * 60_000,
}: PresenceOptions): PresenceWatch {
  const view = createCell<PresenceView>({ presence: new Map(), status: 'unknown' });
  let own: KnownStatus = 'unknown';
  let listening = false;
  const show = () => view.set({ presence: directory.entries(), status: own });
  const directory = createPresenceDirectory({ presenceOf: api.presenceOf, onChange: show, report });

  /**
   * Changes are told to those who are online. So an answer counts only when we listen and the server knows
   * us to be here: one from before may be old already, and nobody would say so.
   */
  function reached() {
    directory.setReachable(listening && own !== 'unknown');
  }

  function hear(data: unknown) {
    const presence = readPresenceEvent(data);
    if (presence === 'resync') directory.askAgain();
    else if (presence) directory.merge([presence]);
  }

  function listen(connection: Connection, userId: string): () => void {
    return connection.subscribe(chatChannel(userId), {
      onMessage: hear,
      onLoss: directory.askAgain,
      onState: ({ status }) => {
        listening = status === 'subscribed';
        reached();
      },
      getSubscriptionToken: async (channel) => (await api.subscriptionToken(channel)).token,
    });
  }

  function beat(page: Page): () => void {
    return startHeartbeat({
      api,
      page,
      idleAfterMs,
      report,
      onBeat: ({ status }, { lapsed }) => {
        own = status;
        reached();
        if (lapsed) directory.askAgain();
        else show();
      },
    });
  }

  return {
    view,
    want: directory.want,
    start: ({ connection, page }) => {
      const stopListening = once(connection.userId, (userId) => listen(connection, userId));
      const stopBeating = beat(page);
      return () => {
        stopListening();
        stopBeating();
        own = 'unknown';
        listening = false;
        reached();
        show();
      };
    },
  };
}

/** Begins when the value is there. Returns the way to stop, whether or not it began. */
function once<T>(cell: Cell<T | undefined>, begin: (value: T) => () => void): () => void {
  let stop: (() => void) | undefined;
  const look = () => {
    const value = cell.get();
    if (value !== undefined) stop ??= begin(value);
  };
  const unwatch = cell.watch(look);
  look();
  return () => {
    unwatch();
    stop?.();
  };
}
