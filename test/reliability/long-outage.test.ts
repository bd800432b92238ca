import { randomUUID } from 'node:crypto';

import { chatChannel, conversationChannel } from '@rov/realtime';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import type { ChannelListener } from '../../realtime/client/channel-listeners.ts';
import { createConnection } from '../../realtime/client/connection.ts';
import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { Person } from '../harness/people.ts';
import { until } from '../harness/until.ts';

/**
 * Centrifugo carries something out, its answer is lost, and the outage lasts longer than the five minutes for which
 * it knows a repeat by its key. The key is taken away here instead of waiting: in Redis it is one that runs out.
 */
test('after an outage longer than Centrifugo remembers keys a repeat is on the wire, and before nobody’s eyes', async () => {
  const redis = await ownRedisForTest();
  const stack = await stackForTest({ engine: { redis: redis.url }, proxied: true });
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  const conversationId = await stack.people.direct(ann!, ben!);
  const [conversation, chat] = [conversationChannel(conversationId), chatChannel(ben!.id)];
  const wire = stack.record({ person: ben!, conversations: [conversationId], chat: true });
  const eyes = listen(ben!, stack.centrifugo.wsUrl, [conversation, chat]);
  await Promise.all([wire.ready(), eyes.ready()]);

  const proxy = stack.between!.workerCentrifugo;
  const lost = proxy.holdAnswerTo('"publish"');
  await ann!.rest.send(conversationId, { clientId: randomUUID(), content: 'before the outage' });
  await lost;
  await proxy.cut();
  expect(await forgetKeys(redis.url)).toBeGreaterThan(0);
  await proxy.mend();
  await ann!.rest.send(conversationId, { clientId: randomUUID(), content: 'after the outage' });

  const messages = (from: { channel: string; data: Record<string, unknown> }[], channel: string) =>
    from
      .filter((each) => each.channel === channel && /message/.test(String(each.data['type'])))
      .map(({ data }) => data['ev']);
  await until(() => messages(eyes.heard, conversation).length === 2, {
    timeoutMs: 10_000,
    what: 'the message after the outage',
  });
  await until(async () => (await stack.database.sql`SELECT FROM outbox`).length === 0, {
    timeoutMs: 10_000,
    what: 'the outbox to be empty',
  });
  // Between the two it may have been said once more what was in doubt, which has a number of its own.
  const said = (await stack.database.sql`SELECT sent_ev::int AS ev FROM messages ORDER BY seq`).map(
    ({ ev }) => ev as number,
  );
  expect(said).toHaveLength(2);
  // The fence of the conversation knows no time; the shared channel has none, and the repeat came through.
  expect(messages([...wire.raw], conversation)).toEqual(said);
  expect(messages([...wire.raw], chat).filter((ev) => ev === 1)).toHaveLength(2);
  expect(messages(eyes.heard, conversation)).toEqual(said);
  expect(messages(eyes.heard, chat).filter((ev) => ev === 1)).toHaveLength(1);
}, 60_000);

/** What an application hears through the package. */
function listen(person: Person, url: string, channels: string[]) {
  const heard: { channel: string; data: Record<string, unknown> }[] = [];
  const subscribed = new Set<string>();
  const connection = createConnection({
    address: () => url,
    getToken: async () => (await person.rest.realtimeToken()).token,
    report: () => undefined,
  });
  onTestFinished(() => connection.close());
  for (const channel of channels) {
    const listener: ChannelListener = {
      getSubscriptionToken: async (name) => (await person.rest.subscriptionToken(name)).token,
      onMessage: (data) => heard.push({ channel, data: data as Record<string, unknown> }),
      onState: ({ status }) => {
        if (status === 'subscribed') subscribed.add(channel);
      },
      onLoss: () => undefined,
    };
    connection.subscribe(channel, listener);
  }
  const ready = () =>
    until(() => subscribed.size === channels.length, { timeoutMs: 10_000, what: 'subscriptions' });
  return { heard, ready };
}

async function forgetKeys(url: string): Promise<number> {
  const client = new Redis(url);
  try {
    const keys = await client.keys('*.result.*');
    return keys.length === 0 ? 0 : await client.del(...keys);
  } finally {
    client.disconnect();
  }
}
