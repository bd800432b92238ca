import { conversationChannel } from '@rov/realtime';
import { Centrifuge } from 'centrifuge';

import type { Person } from '../test/harness/people.ts';

/** A message as it came over the socket. */
export type Heard = { conversationId: string; clientId: string; at: number };

export type Witness = {
  /** In the order of arrival, over all conversations. */
  heard: readonly Heard[];
  /** When a message came, by its client id. */
  heardAt(clientId: string): number | undefined;
  close(): void;
};

/**
 * One socket with a subscription to each of the conversations (at most 128, which is Centrifugo's limit). Resolves once
 * all of them are there. It looks at nothing but the client id, so that the measuring costs little.
 */
export async function startWitness(options: {
  person: Person;
  conversationIds: readonly string[];
  url: string;
}): Promise<Witness> {
  const { person, conversationIds } = options;
  const heard: Heard[] = [];
  const at = new Map<string, number>();
  const client = new Centrifuge(options.url, {
    getToken: async () => (await person.rest.realtimeToken()).token,
  });
  const subscribed = conversationIds.map((conversationId) => {
    const channel = conversationChannel(conversationId);
    const subscription = client.newSubscription(channel, {
      getToken: async () => (await person.rest.subscriptionToken(channel)).token,
    });
    subscription.on('publication', ({ data }) => {
      const clientId = (data as { message?: { clientId: string } }).message?.clientId;
      if (clientId === undefined) return;
      heard.push({ conversationId, clientId, at: performance.now() });
      if (!at.has(clientId)) at.set(clientId, performance.now());
    });
    subscription.subscribe();
    return subscription.ready(30_000);
  });
  client.connect();
  await Promise.all(subscribed);
  return { heard, heardAt: (clientId) => at.get(clientId), close: () => client.disconnect() };
}
