import { chatChannel, conversationChannel } from '@rov/realtime';
import { createTokenIssuer } from '@rov/realtime/server';
import { Centrifuge } from 'centrifuge';

import type { TestCentrifugo } from '../test/harness/centrifugo.ts';
import { until } from '../test/harness/until.ts';

/** An announcement of a message as it came over the socket. */
export type Heard = { channel: string; data: Record<string, unknown>; at: number };

export type Witness = Disposable & {
  /** In the order of arrival, over all channels, since the last time it was asked to begin anew. */
  heard(): readonly Heard[];
  beginAnew(): void;
  /** Waits until so many have come, or until nothing has come for a while and nothing more will. */
  waitFor(count: number): Promise<void>;
};

const NOTHING_MORE_AFTER_MS = 3_000;

/**
 * One socket with a subscription to each of the conversations and to the `chat:*` of one user. Resolves once all of them
 * are there. It signs its own tokens and writes down what comes, so that the measuring costs little.
 */
export async function startWitness(options: {
  centrifugo: Pick<TestCentrifugo, 'wsUrl' | 'hmacSecret'>;
  userId: string;
  conversationIds: readonly string[];
}): Promise<Witness> {
  const { centrifugo, userId, conversationIds } = options;
  const tokens = createTokenIssuer({ hmacSecret: centrifugo.hmacSecret });
  const expiresInSeconds = 3_600;
  let heard: Heard[] = [];
  let lastAt = performance.now();

  const client = new Centrifuge(centrifugo.wsUrl, {
    getToken: async () => (await tokens.connectionToken({ userId, expiresInSeconds })).token,
  });
  const channels = [...conversationIds.map(conversationChannel), chatChannel(userId)];
  const subscribed = channels.map((channel) => {
    const subscription = client.newSubscription(channel, {
      getToken: async () =>
        (await tokens.subscriptionToken({ userId, channel, expiresInSeconds })).token,
    });
    subscription.on('publication', (publication) => {
      const data = publication.data as Record<string, unknown>;
      if (data['type'] !== 'message' && data['type'] !== 'new_message') return;
      lastAt = performance.now();
      heard.push({ channel, data, at: lastAt });
    });
    subscription.subscribe();
    return subscription.ready(30_000);
  });
  client.connect();
  await Promise.all(subscribed);
  return {
    heard: () => heard,
    beginAnew: () => {
      heard = [];
    },
    waitFor: async (count) => {
      lastAt = performance.now();
      const over = () => performance.now() - lastAt > NOTHING_MORE_AFTER_MS;
      await until(() => heard.length >= count || over(), {
        timeoutMs: 300_000,
        what: () => `${count} messages at the socket; ${heard.length} came`,
      });
    },
    [Symbol.dispose]: () => client.disconnect(),
  };
}
