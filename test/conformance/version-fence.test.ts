import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import { staleVersionsAreSuppressed } from './checks.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { batch, call, kept, positionOf, publish } from './server-api.ts';
import type { Publication } from './server-api.ts';

const lab = labForFile();

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine, {
      namespaces: [
        { name: 'bare', allow_subscribe_for_client: true },
        {
          name: 'brief',
          history_size: 10,
          history_ttl: '1s',
          history_meta_ttl: '3s',
          force_recovery: true,
          allow_subscribe_for_client: true,
        },
        {
          name: 'short',
          history_size: 10,
          history_ttl: '1s',
          force_recovery: true,
          allow_subscribe_for_client: true,
        },
      ],
    });
  });

  /** A channel with versions 1, 2 and 3, and somebody who hears what comes after them. */
  async function fenced(namespace?: string) {
    const channel = namespace ? `${namespace}:${crypto.randomUUID()}` : newConversation();
    const to = (n: number, data: unknown = n) => ({ channel, data, version: n });
    await publish(cluster.a, to(1), to(2), to(3));
    const listener = lab.listen(cluster.b, { channel });
    await listener.isTold('subscribed');
    /** What is heard of these, which a last one closes. */
    const heardOf = async (...publications: Omit<Publication, 'channel'>[]) => {
      await publish(cluster.a, ...publications.map((each) => ({ ...each, channel })));
      await publish(cluster.a, { channel, data: 'end', version: 1_000_000 });
      await listener.until(() => listener.heard.includes('end'), { what: 'the end' });
      return listener.heard.filter((data) => data !== 'end');
    };
    return { channel, to, listener, heardOf };
  }
  const stale = { data: 'stale', version: 2 };

  test('T9 a stale and an equal version are heard by nobody and answered with the top', () =>
    staleVersionsAreSuppressed(lab, cluster));

  test('T9 a version without an epoch is fenced, too', () =>
    staleVersionsAreSuppressed(lab, cluster, { epoch: '' }));

  test('T9 another version epoch begins anew, and what it then refuses is its own', async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf(
      { data: 'e2/1', version: 1, version_epoch: 'e2' },
      { data: 'e2/1 again', version: 1, version_epoch: 'e2' },
      { data: 'e2/2', version: 2, version_epoch: 'e2' },
    );
    expect(heard).toEqual(['e2/1', 'e2/2']);
  });

  test('T9 a version without an epoch is compared with the number that is stored, whatever its epoch', async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf({ data: 'e2/1', version: 1, version_epoch: 'e2' }, stale);
    expect(heard).toEqual(['e2/1', 'stale']);
  });

  test('T9 without history there is no fence', async () => {
    const { heardOf } = await fenced('bare');
    expect(await heardOf(stale)).toEqual(['stale']);
  });

  test('T10 an event past history is heard and does not open the fence', async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf({ data: 'typing', skip_history: true }, stale);
    expect(heard).toEqual(['typing']);
  });

  test('T10 past history a version is no version', async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf(
      { data: 'past history', version: 9, skip_history: true },
      { data: 4, version: 4 },
    );
    expect(heard).toEqual(['past history', 4]);
  });

  test('T10 the reply to an event past history has no position', async () => {
    const { channel } = await fenced();
    const [reply] = await publish(cluster.a, { channel, data: 'typing', skip_history: true });
    expect(reply).toEqual({});
    expect(await kept(cluster.b, channel)).toEqual([1, 2, 3]);
  });

  test(`T11 an unversioned event with history ${engine === 'memory' ? 'opens the fence' : 'leaves the fence closed'}`, async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf({ data: 'unversioned' }, stale);
    expect(heard).toEqual(engine === 'memory' ? ['unversioned', 'stale'] : ['unversioned']);
  });

  test('T12 the fence outlives the removal of history, and so do epoch and offset', async () => {
    const { channel, heardOf } = await fenced();
    const before = await positionOf(cluster.b, channel);
    await call(cluster.a, 'history_remove', { channel });
    expect(await kept(cluster.b, channel)).toEqual([]);
    expect(await positionOf(cluster.b, channel)).toEqual(before);
    expect(await heardOf(stale, { data: 4, version: 4 })).toEqual([4]);
  });

  test('T12 the fence outlives history_ttl', async () => {
    const { channel, heardOf } = await fenced('short');
    const before = await positionOf(cluster.b, channel);
    // Lifetimes are whole seconds of the engine's own clock; nothing tells that they have passed.
    await sleep(2_500);
    expect(await kept(cluster.b, channel)).toEqual([]);
    expect(await positionOf(cluster.b, channel)).toEqual(before);
    expect(await heardOf(stale, { data: 4, version: 4 })).toEqual([4]);
  });

  test('T12 the fence does not outlive history_meta_ttl', async () => {
    const channel = `brief:${crypto.randomUUID()}`;
    await publish(cluster.a, { channel, data: 3, version: 3 });
    const before = await positionOf(cluster.b, channel);
    await sleep(5_000);
    await publish(cluster.a, { channel, data: 'stale', version: 2 });
    expect(await kept(cluster.b, channel)).toEqual(['stale']);
    const after = await positionOf(cluster.b, channel);
    expect(after.offset).toBe(1);
    expect(after.epoch).not.toBe(before.epoch);
  });

  test('T15 versions in one parallel batch are lost, although each reply looks like a success', async () => {
    const { channel, heardOf } = await fenced();
    const versions = Array.from({ length: 100 }, (_, index) => index + 11);
    const replies = await batch(
      cluster.a,
      versions.map((version) => ({ publish: { channel, data: version, version } })),
      { parallel: true },
    );
    expect(replies.filter((reply) => reply.publish?.offset > 0)).toHaveLength(100);
    expect((await heardOf()).length).toBeLessThan(100);
  });

  test('T15 the same versions one after the other are all heard, in order', async () => {
    const { heardOf } = await fenced();
    const versions = Array.from({ length: 100 }, (_, index) => index + 11);
    expect(await heardOf(...versions.map((version) => ({ data: version, version })))).toEqual(
      versions,
    );
  });

  test('T16 the key is looked at before the version, and a suppressed version leaves its key free', async () => {
    const { heardOf } = await fenced();
    const heard = await heardOf(
      { data: 4, version: 4, idempotency_key: 'used' },
      { data: 'key used', version: 5, idempotency_key: 'used' },
      { data: 'version stale', version: 2, idempotency_key: 'free' },
      { data: 5, version: 5, idempotency_key: 'free' },
    );
    expect(heard).toEqual([4, 5]);
  });
});

test('T13 a restart of the memory engine forgets the fence: a new epoch, and old versions are taken', async () => {
  const node = await lab.node();
  const channel = newConversation();
  const versions = [8, 9, 10].map((version) => ({ channel, data: version, version }));
  await publish(node, ...versions);
  const before = await positionOf(node, channel);
  await node.kill();
  await node.restart();
  const replies = await publish(node, ...versions);
  expect(replies.map(({ offset }) => offset)).toEqual([1, 2, 3]);
  expect(replies[0].epoch).not.toBe(before.epoch);
});

test('T13 the Redis engine keeps the fence when its node is killed', async () => {
  const { a } = await lab.cluster('redis');
  const channel = newConversation();
  const versions = [8, 9, 10].map((version) => ({ channel, data: version, version }));
  await publish(a, ...versions);
  const before = await positionOf(a, channel);
  await a.kill();
  await a.restart();
  await publish(a, ...versions);
  expect(await positionOf(a, channel)).toEqual(before);
  expect(await kept(a, channel)).toEqual([8, 9, 10]);
});

test('T14 a version that one node took is stale for the other', async () => {
  const { a, b } = await lab.cluster('redis');
  const channel = newConversation();
  await publish(a, { channel, data: 5, version: 5 });
  await publish(b, { channel, data: 'stale', version: 4 }, { channel, data: 'equal', version: 5 });
  await publish(b, { channel, data: 6, version: 6 });
  expect(await kept(a, channel)).toEqual([5, 6]);
});
