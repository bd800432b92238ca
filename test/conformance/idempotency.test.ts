import { chatChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import { repeatedKeysAreSuppressed } from './checks.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { batch, call, kept, publish } from './server-api.ts';

const lab = labForFile();
const KEY_SECONDS = 300;

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine, {
      namespaces: [{ name: 'bare', allow_subscribe_for_client: true }],
    });
  });

  test('T17 a repeated key is heard once and answered with the first offset, whatever the data', () =>
    repeatedKeysAreSuppressed(lab, cluster));

  test('T17 the same key on another channel is another event', async () => {
    const [one, two] = [newConversation(), newConversation()];
    await publish(
      cluster.a,
      { channel: one, data: 1, idempotency_key: 'k' },
      { channel: two, data: 2, idempotency_key: 'k' },
    );
    expect(await kept(cluster.b, two)).toEqual([2]);
  });

  test('T17 a key holds within a batch, between requests, and from one node to the next', async () => {
    const channel = newConversation();
    const keyed = { channel, idempotency_key: 'k' };
    await publish(cluster.a, { ...keyed, data: 1 }, { ...keyed, data: 2 });
    await call(cluster.a, 'publish', { ...keyed, data: 3 });
    await publish(cluster.b, { ...keyed, data: 4 });
    expect(await kept(cluster.a, channel)).toEqual([1]);
  });

  test('T17 of many at the same time with one key exactly one is heard', async () => {
    const channel = newConversation();
    const commands = Array.from({ length: 20 }, (_, n) => ({
      publish: { channel, data: n, idempotency_key: 'k' },
    }));
    const replies = await batch(cluster.a, commands, { parallel: true });
    expect(replies).toHaveLength(20);
    expect(await kept(cluster.b, channel)).toHaveLength(1);
  });

  test('T17 a broadcast is keyed per channel: repeated with one channel more, only that one hears it', async () => {
    const [ann, ben] = [chatChannel(crypto.randomUUID()), chatChannel(crypto.randomUUID())];
    const keyed = { data: 1, idempotency_key: 'k' };
    await call(cluster.a, 'broadcast', { ...keyed, channels: [ann, ann] });
    await call(cluster.a, 'broadcast', { ...keyed, channels: [ann, ben] });
    expect(await kept(cluster.b, ann)).toEqual([1]);
    expect(await kept(cluster.b, ben)).toEqual([1]);
  });

  test.for([
    ['without history', () => `bare:${crypto.randomUUID()}`, {}],
    ['past history', newConversation, { skip_history: true }],
  ] as const)('T17 a key works %s', async ([, newChannel, how]) => {
    const channel = newChannel();
    const listener = lab.listen(cluster.b, { channel });
    await listener.isTold('subscribed');
    const replies = await publish(
      cluster.a,
      { channel, data: 'once', idempotency_key: 'k', ...how },
      { channel, data: 'again', idempotency_key: 'k', ...how },
      { channel, data: 'end', ...how },
    );
    await listener.until(() => listener.heard.includes('end'), { what: 'the end' });
    expect(listener.heard).toEqual(['once', 'end']);
    expect(replies).toEqual([{}, {}, {}]);
  });
});

test('T18 the Redis engine keeps a key for five minutes', async () => {
  const { a, redis } = await lab.cluster('redis');
  const channel = newConversation();
  await publish(a, { channel, data: 1, idempotency_key: 'k' });
  const [key] = await redis!.client.keys(`*.result.*${channel}*`);
  const left = await redis!.client.ttl(key!);
  expect(left).toBeGreaterThan(KEY_SECONDS - 30);
  expect(left).toBeLessThanOrEqual(KEY_SECONDS);
});

test('T19 a restart of the memory engine forgets keys', async () => {
  const node = await lab.node();
  const channel = newConversation();
  await publish(node, { channel, data: 1, idempotency_key: 'k' });
  await node.kill();
  await node.restart();
  await publish(node, { channel, data: 'again', idempotency_key: 'k' });
  expect(await kept(node, channel)).toEqual(['again']);
});

test('T19 the Redis engine keeps keys when a node is killed, and for every node', async () => {
  const { a, b } = await lab.cluster('redis');
  const channel = newConversation();
  const keyed = { channel, idempotency_key: 'k' };
  await publish(a, { ...keyed, data: 1 });
  await a.kill();
  await publish(b, { ...keyed, data: 'by the other node' });
  await a.restart();
  await publish(a, { ...keyed, data: 'after the restart' });
  expect(await kept(b, channel)).toEqual([1]);
});
