import { SubscriptionState } from 'centrifuge';
import type { Centrifuge } from 'centrifuge';

import { createChannelListeners } from './channel-listeners.ts';
import type { ChannelListener } from './channel-listeners.ts';
import { endedState } from './channel-state.ts';
import type { ChannelState } from './channel-state.ts';
import { loadState } from './load-state.ts';
import type { StreamPosition } from './load-state.ts';
import { transientError } from './realtime-error.ts';
import type { RealtimeError } from './realtime-error.ts';
import { createRecentIds } from './recent-ids.ts';

export type GetPosition = (channel: string) => Promise<StreamPosition>;

interface ChannelOptions {
  client: Centrifuge;
  name: string;
  /** With it the SDK loads state by `getState`, so that a failed `onLoss` is tried again. */
  getPosition?: GetPosition | undefined;
  report: (error: unknown) => void;
}

export type Channel = ReturnType<typeof createChannel>;

/** One subscription that many listeners share: the SDK refuses a second one of the same channel. */
export function createChannel({ client, name, getPosition, report }: ChannelOptions) {
  const listeners = createChannelListeners(report);
  const recent = createRecentIds();
  let state: ChannelState = { status: 'connecting', error: null };
  let wasSubscribed = false;

  const subscription = client.newSubscription(name, {
    getToken: () => listeners.token(name),
    minResubscribeDelay: 100,
    maxResubscribeDelay: 5_000,
    ...(getPosition && {
      getState: loadState({
        getPosition: () => getPosition(name),
        load: async () => (wasSubscribed ? await listeners.loss() : undefined),
        refuse: (error) => {
          subscription.unsubscribe();
          end({ code: 1, reason: error.message }, error);
        },
      }),
    }),
  });

  subscription.on('subscribing', () => become({ status: 'connecting', error: null }));
  subscription.on('subscribed', ({ wasRecovering, recovered }) => {
    wasSubscribed = true;
    become({ status: 'subscribed', error: null });
    // Without `getState` nobody asks again; it was reported.
    if (wasRecovering && !recovered) listeners.loss().catch(() => undefined);
  });
  subscription.on('unsubscribed', (ending) => end(ending, listeners.tokenFault()));
  subscription.on('error', ({ error }) => {
    attemptFailed(transientError(error, listeners.tokenFault()));
  });
  subscription.on('publication', ({ data }: { data: unknown }) => {
    const id = eventId(data);
    if (id === undefined || recent.add(id)) listeners.message(data);
  });

  function end({ code, reason }: { code: number; reason: string }, cause: unknown) {
    const ended = endedState({ channel: name, code, reason, cause });
    if (ended) become(ended);
  }

  function attemptFailed(error: RealtimeError) {
    if (state.status === 'connecting') become({ status: 'connecting', error });
  }

  function become(next: ChannelState) {
    state = next;
    listeners.state(next);
  }

  return {
    /** Tells the listener the present state at once. Returns the way to remove it. */
    add: (listener: ChannelListener): (() => void) => {
      listeners.add(listener);
      if (subscription.state === SubscriptionState.Unsubscribed) subscription.subscribe();
      listener.onState(state);
      return () => listeners.remove(listener);
    },
    /** The connection failed: for good, or for now. */
    connectionFailed: (error: RealtimeError, { final }: { final: boolean }) => {
      if (final) become({ status: 'error', error });
      else attemptFailed(error);
    },
    isHeard: () => listeners.count() > 0,
    close: () => client.removeSubscription(subscription),
  };
}

function eventId(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('eventId' in data)) return undefined;
  return typeof data.eventId === 'string' ? data.eventId : undefined;
}
