import { chatChannel } from '../contract/channels.ts';
import type { ChosenStatus } from '../contract/primitives.ts';
import type { Page } from './activity.ts';
import { createCell } from './cell.ts';
import type { Cell } from './cell.ts';
import type { Connection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createOwnPresence } from './own-presence.ts';
import type { KnownOwnPresence } from './own-presence.ts';
import { createPresenceDirectory } from './presence-directory.ts';
import type { UserPresence } from './presence-directory.ts';
import { readPresenceEvent } from './presence-event.ts';
import type { RealtimeApi } from './realtime-api.ts';

export interface PresenceView extends KnownOwnPresence {
  /** Of everybody who was asked for or heard of. */
  presence: ReadonlyMap<string, UserPresence>;
}

export interface PresenceWatch {
  view: Cell<PresenceView>;
  /** Chooses what others see, until something else is chosen. Rejects when it could not be stored. */
  choose: (status: ChosenStatus) => Promise<void>;
  /** Asks for a user's presence, unless it was asked for. */
  want: (userId: string) => void;
  /** Begins to beat and to listen. Returns the way to stop. */
  start: (where: { connection: Connection; page: Page }) => () => void;
}

interface PresenceOptions {
  api: Pick<RealtimeApi, 'presenceOf' | 'beat' | 'chooseStatus' | 'leave' | 'subscriptionToken'>;
  report: (error: unknown) => void;
  idleAfterMs?: number | undefined;
}

/** Says that the user is here and tells who else is: one per signed-in user and tab. */
export function createPresence({
  api,
  report,
  idleAfterMs = 5 * 60_000,
}: PresenceOptions): PresenceWatch {
  const own = createOwnPresence({ api, onChange: told });
  const view = createCell<PresenceView>({ presence: new Map(), ...own.current() });
  let listening = false;
  const show = () => view.set({ presence: directory.entries(), ...own.current() });
  const directory = createPresenceDirectory({ presenceOf: api.presenceOf, onChange: show, report });

  /**
   * Changes are told to those who are online. So an answer counts only when we listen and the server knows
   * us to be here: one from before may be old already, and nobody would say so.
   */
  function reached() {
    directory.setReachable(listening && own.current().status !== 'unknown');
  }

  function told() {
    reached();
    show();
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

  return {
    view,
    want: directory.want,
    choose: own.choose,
    start: ({ connection, page }) => {
      const stopListening = once(connection.userId, (userId) => listen(connection, userId));
      const stopBeating = startHeartbeat({
        ...{ api: { beat: own.beat, leave: api.leave }, page, idleAfterMs, report },
        onBeat: (_session, { lapsed }) => {
          if (lapsed) directory.askAgain();
          told();
        },
      });
      return () => {
        stopListening();
        stopBeating();
        own.forget();
        listening = false;
        told();
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
