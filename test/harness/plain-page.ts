import { Centrifuge } from 'centrifuge';
import type { StreamPosition, Subscription } from 'centrifuge';

import type { Person } from './people.ts';
import { createSignal, until } from './until.ts';

/** A page on centrifuge-js alone, which may behave as no page should: with tokens that it kept, from where it likes. */
export type PlainPage = {
  client: Centrifuge;
  subscription: Subscription;
  /** Everything that came, recovered or live. */
  heard: Record<string, unknown>[];
  /** Codes by which the subscription and the connection ended, in the order in which they did. */
  ends: number[];
  connectionEnds: number[];
  until: (condition: () => boolean, what: string, timeoutMs?: number) => Promise<void>;
  close: () => void;
};

export function openPlainPage(options: {
  person: Person;
  url: string;
  channel: string;
  getConnectionToken?: () => Promise<string>;
  getToken?: () => Promise<string>;
  since?: StreamPosition;
}): PlainPage {
  const { person, url, channel, since } = options;
  const changed = createSignal();
  const page: Pick<PlainPage, 'heard' | 'ends' | 'connectionEnds'> = {
    heard: [],
    ends: [],
    connectionEnds: [],
  };
  const client = new Centrifuge(url, {
    getToken: options.getConnectionToken ?? (async () => (await person.rest.realtimeToken()).token),
    minReconnectDelay: 50,
    maxReconnectDelay: 200,
  });
  client.on('disconnected', ({ code }) => {
    page.connectionEnds.push(code);
    changed.fire();
  });
  client.on('state', () => changed.fire());
  const subscription = client.newSubscription(channel, {
    getToken:
      options.getToken ?? (async () => (await person.rest.subscriptionToken(channel)).token),
    minResubscribeDelay: 50,
    maxResubscribeDelay: 200,
    ...(since && { since }),
  });
  subscription.on('publication', ({ data }) => {
    page.heard.push(data as Record<string, unknown>);
    changed.fire();
  });
  subscription.on('unsubscribed', ({ code }) => {
    page.ends.push(code);
    changed.fire();
  });
  subscription.on('state', () => changed.fire());
  subscription.subscribe();
  client.connect();
  return {
    client,
    subscription,
    ...page,
    until: (condition, what, timeoutMs = 10_000) =>
      until(condition, { timeoutMs, what, on: [changed] }),
    close: () => client.disconnect(),
  };
}
