import { createTokenIssuer } from '@rov/realtime/server';
import { Centrifuge } from 'centrifuge';
import type { Options, Subscription, SubscriptionOptions } from 'centrifuge';

import { createSignal, until } from '../harness/until.ts';

export type ListenerOptions = {
  wsUrl: string;
  hmacSecret: string;
  user?: string;
  /** None for a connection alone. */
  channel?: string;
  /** Instead of tokens that are good for long. */
  connection?: Partial<Options>;
  subscription?: Partial<SubscriptionOptions>;
  /** Loads state like a page would: notes that it ran and says where the channel stands. */
  getState?: () => Promise<{ offset: number; epoch: string }>;
};

/** What a page's centrifuge-js went through, in words: one channel on one connection. */
export type Listener = {
  client: Centrifuge;
  subscription: Subscription | null;
  /** Data of the publications, in the order of arrival. */
  heard: readonly any[];
  /**
   * `connected`, `connecting 1`, `disconnected 3500`, `client error 6`, `subscribing 2500`, `unsubscribed 103`, `error 109`,
   * `subscribed` for a first time, then `recovered` or `lost`; `loaded` where getState ran.
   */
  told: readonly string[];
  /** How often a new token was asked for. */
  asked: { connection: number; subscription: number };
  until(condition: () => boolean, options: { timeoutMs?: number; what: string }): Promise<void>;
  /** Resolves once `told` has this, at `from` or later. */
  isTold(what: string, options?: { timeoutMs?: number; from?: number }): Promise<void>;
  /** Resolves once `heard` has this many. */
  hears(count: number, options?: { timeoutMs?: number }): Promise<void>;
  close(): void;
};

/** Backoff is the SDK's business and not on trial here: it is short. */
const BACKOFF = { minReconnectDelay: 30, maxReconnectDelay: 250 };
const RESUBSCRIBE = { minResubscribeDelay: 30, maxResubscribeDelay: 250 };

export function listenTo(options: ListenerOptions): Listener {
  const { user = 'ann', channel } = options;
  const tokens = createTokenIssuer({ hmacSecret: options.hmacSecret });
  const changed = createSignal();
  const heard: unknown[] = [];
  const told: string[] = [];
  const asked = { connection: 0, subscription: 0 };
  const tell = (what: string): void => {
    told.push(what);
    changed.fire();
  };

  const client = new Centrifuge(options.wsUrl, {
    ...BACKOFF,
    getToken: async () => {
      asked.connection += 1;
      return (await tokens.connectionToken({ userId: user })).token;
    },
    ...options.connection,
  });
  client.on('connected', () => tell('connected'));
  client.on('connecting', ({ code }) => code !== 0 && tell(`connecting ${code}`));
  client.on('disconnected', ({ code }) => tell(`disconnected ${code}`));
  client.on('error', ({ error }) => tell(`client error ${error.code}`));

  const subscription = channel
    ? client.newSubscription(channel, {
        ...RESUBSCRIBE,
        getToken: async () => {
          asked.subscription += 1;
          const grant = { userId: user, channel, expiresInSeconds: 600 };
          return (await tokens.subscriptionToken(grant)).token;
        },
        ...options.subscription,
        ...(options.getState && {
          getState: async () => {
            tell('loaded');
            return options.getState!();
          },
        }),
      })
    : null;
  if (subscription) {
    subscription.on('subscribing', ({ code }) => code !== 0 && tell(`subscribing ${code}`));
    subscription.on('subscribed', ({ wasRecovering, recovered }) =>
      tell(wasRecovering ? (recovered ? 'recovered' : 'lost') : 'subscribed'),
    );
    subscription.on('unsubscribed', ({ code }) => tell(`unsubscribed ${code}`));
    subscription.on('error', ({ error }) => tell(`error ${error.code}`));
    subscription.on('publication', ({ data }) => {
      heard.push(data);
      changed.fire();
    });
    subscription.subscribe();
  }
  client.connect();

  const wait: Listener['until'] = (condition, { timeoutMs = 10_000, what }) =>
    until(condition, {
      timeoutMs,
      what: () => `${what}; told: ${told.join(', ')}; heard ${heard.length}`,
      on: [changed],
    });
  return {
    client,
    subscription,
    heard,
    told,
    asked,
    until: wait,
    isTold: (what, { timeoutMs, from = 0 } = {}) =>
      wait(() => told.indexOf(what, from) >= 0, { ...(timeoutMs && { timeoutMs }), what }),
    hears: (count, { timeoutMs } = {}) =>
      wait(() => heard.length >= count, {
        ...(timeoutMs && { timeoutMs }),
        what: `${count} publications`,
      }),
    close: () => client.disconnect(),
  };
}
