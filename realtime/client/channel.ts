import {
  UnauthorizedError,
  type Centrifuge,
  type Subscription,
  SubscriptionState,
} from 'centrifuge';

import { RealtimeError } from './realtime-error.ts';
import { createRecentIds } from './recent-ids.ts';

export interface StreamPosition {
  offset: number;
  epoch: string;
}

export interface ChannelState {
  /** `waiting` has no subscription yet; `unsubscribed` was ended by the server; `error` is final. */
  status: 'waiting' | 'connecting' | 'subscribed' | 'unsubscribed' | 'error';
  /** Why it is in `error`; while `connecting`, what went wrong with the last attempt. */
  error: RealtimeError | null;
}

export interface ChannelListener {
  onMessage: (data: unknown) => void;
  onState: (state: ChannelState) => void;
  /** Something was missed and cannot be recovered: load again. May be awaited before messages go on. */
  onLoss: () => void | Promise<void>;
  getSubscriptionToken: (channel: string) => Promise<string>;
}

export interface Channel {
  /** Returns the way to remove the listener again. */
  add: (listener: ChannelListener) => () => void;
  /** The connection failed, for now or for good. */
  connectionFailed: (error: RealtimeError, final: boolean) => void;
  listeners: () => number;
  close: () => void;
}

interface ChannelOptions {
  client: Centrifuge;
  name: string;
  /** With it the SDK loads state by `getState`, so that a failed `onLoss` is tried again. */
  getPosition?: ((channel: string) => Promise<StreamPosition>) | undefined;
  report: (error: unknown) => void;
}

/**
 * One subscription that many listeners share: the SDK refuses a second one of the same channel.
 * Listeners are never called from inside the SDK unguarded, for an exception there ends its connection.
 */
export function createChannel({ client, name, getPosition, report }: ChannelOptions): Channel {
  const listeners = new Set<ChannelListener>();
  const recent = createRecentIds();
  let state: ChannelState = { status: 'connecting', error: null };
  let wasSubscribed = false;
  let tokenFault: unknown;

  const subscription: Subscription = client.newSubscription(name, {
    getToken,
    minResubscribeDelay: 100,
    maxResubscribeDelay: 5_000,
    ...(getPosition ? { getState } : {}),
  });

  subscription.on('subscribing', () => become({ status: 'connecting', error: null }));
  subscription.on('subscribed', (context) => {
    wasSubscribed = true;
    become({ status: 'subscribed', error: null });
    if (context.wasRecovering && !context.recovered) announceLoss().catch(report);
  });
  subscription.on('unsubscribed', ({ code, reason }) => ended(code, reason));
  subscription.on('error', ({ error }) => {
    attemptFailed(
      new RealtimeError(error.message, {
        code: 'transient',
        number: error.code,
        cause: tokenFault,
      }),
    );
  });
  subscription.on('publication', ({ data }) => {
    const id = eventId(data);
    if (id !== undefined && !recent.add(id)) return;
    for (const listener of [...listeners]) guard(() => listener.onMessage(data));
  });

  async function getToken(): Promise<string> {
    const [listener] = listeners;
    if (!listener) throw new UnauthorizedError('nobody listens any more');
    try {
      const token = await listener.getSubscriptionToken(name);
      tokenFault = undefined;
      return token;
    } catch (error) {
      tokenFault = error;
      throw error;
    }
  }

  /** The position comes first: what is published while the listeners load is recovered from it. */
  async function getState(): Promise<StreamPosition> {
    if (!getPosition) throw new TypeError('getState needs getPosition');
    const position = await getPosition(name);
    if (wasSubscribed) await announceLoss();
    return position;
  }

  async function announceLoss(): Promise<void> {
    await Promise.all([...listeners].map(async (listener) => listener.onLoss()));
  }

  function ended(code: number, reason: string) {
    if (code >= 2000 && code < 2500) return become({ status: 'unsubscribed', error: null });
    const message = `The subscription to ${name} ended: ${reason}`;
    if (code === 1) {
      const error = new RealtimeError(message, {
        code: 'unauthorized',
        number: code,
        cause: tokenFault,
      });
      return become({ status: 'error', error });
    }
    if (code >= 100) {
      return become({
        status: 'error',
        error: new RealtimeError(message, { code: 'refused', number: code }),
      });
    }
  }

  function attemptFailed(error: RealtimeError) {
    if (state.status === 'connecting') become({ status: 'connecting', error });
  }

  function become(next: ChannelState) {
    state = next;
    for (const listener of [...listeners]) guard(() => listener.onState(next));
  }

  function guard(call: () => void) {
    try {
      call();
    } catch (error) {
      report(error);
    }
  }

  return {
    add: (listener) => {
      listeners.add(listener);
      if (subscription.state === SubscriptionState.Unsubscribed) subscription.subscribe();
      guard(() => listener.onState(state));
      return () => listeners.delete(listener);
    },
    connectionFailed: (error, final) => {
      if (final) become({ status: 'error', error });
      else attemptFailed(error);
    },
    listeners: () => listeners.size,
    close: () => client.removeSubscription(subscription),
  };
}

function eventId(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('eventId' in data)) return undefined;
  return typeof data.eventId === 'string' ? data.eventId : undefined;
}
