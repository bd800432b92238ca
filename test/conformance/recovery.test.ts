import { beforeAll, describe, expect, test } from 'vitest';

import { asManyAsMissedAreRecovered, recover } from './checks.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { positionOf, publish } from './server-api.ts';
import { sign } from './tokens.ts';

const lab = labForFile();
const CLIENTS = 10;
const LIMIT = 'CENTRIFUGO_CLIENT_RECOVERY_MAX_PUBLICATION_LIMIT';

/** Ten pages that load state themselves and ten that do not, all of them subscribed. */
async function pagesOn({ a, b }: Pick<Cluster, 'a' | 'b'>, channel: string) {
  const getState = () => positionOf(a, channel);
  const plain = Array.from({ length: CLIENTS }, () => lab.listen(b, { channel }));
  const loading = Array.from({ length: CLIENTS }, () => lab.listen(b, { channel, getState }));
  const all = [...plain, ...loading];
  await Promise.all(plain.map((page) => page.isTold('subscribed')));
  await Promise.all(loading.map((page) => page.isTold('recovered')));
  return { plain, loading, all };
}

test('T20, T26 kill −9 of the memory engine: the loss is told, state is loaded anew, no token is asked for', async () => {
  const node = await lab.node();
  const channel = newConversation();
  const versioned = (version: number) => ({ channel, data: version, version });
  await publish(node, versioned(1), versioned(2));
  const { plain, loading, all } = await pagesOn({ a: node, b: node }, channel);
  await node.kill();
  await node.restart();
  await Promise.all(plain.map((page) => page.isTold('lost')));
  // Loaded once at first and once more; the loss itself is not told to them.
  await Promise.all(
    loading.map((page) =>
      page.until(() => page.told.filter((what) => what === 'recovered').length === 2, {
        what: 'to be back',
      }),
    ),
  );
  for (const page of loading) {
    expect(page.told.filter((what) => what === 'loaded')).toHaveLength(2);
    expect(page.told).not.toContain('lost');
  }
  await publish(node, versioned(3));
  await Promise.all(all.map((page) => page.until(() => page.heard.at(-1) === 3, { what: '3' })));
  // Plain pages heard nothing of 1 and 2; those that gave their position were sent what lay after it: nothing.
  expect(all.map(({ heard }) => heard)).toEqual(all.map(() => [3]));
  expect(all.map(({ asked }) => asked)).toEqual(
    all.map(() => ({ connection: 1, subscription: 1 })),
  );
});

test('T21, T26 kill −9 with the Redis engine: what was missed is recovered in order, no state is loaded, no token is asked for', async () => {
  const cluster = await lab.cluster('redis');
  const channel = newConversation();
  const versioned = (version: number) => ({ channel, data: version, version });
  await publish(cluster.a, versioned(1), versioned(2));
  const { all, loading } = await pagesOn(cluster, channel);
  await cluster.b.kill();
  await publish(cluster.a, ...[3, 4, 5, 6, 7].map(versioned));
  await cluster.b.restart();
  await Promise.all(all.map((page) => page.hears(5)));
  await publish(cluster.a, versioned(6), versioned(8));
  await Promise.all(all.map((page) => page.until(() => page.heard.at(-1) === 8, { what: '8' })));
  expect(all.map(({ heard }) => heard)).toEqual(all.map(() => [3, 4, 5, 6, 7, 8]));
  for (const page of loading) expect(page.told.filter((what) => what === 'loaded')).toHaveLength(1);
  for (const page of all) expect(page.told).not.toContain('lost');
  expect(all.map(({ asked }) => asked)).toEqual(
    all.map(() => ({ connection: 1, subscription: 1 })),
  );
});

describe.each(ENGINES)('on the %s engine', (engine) => {
  describe.each([
    { limit: 300, size: 1_000 },
    { limit: 1_000, size: 1_000 },
  ])('with a recovery limit of $limit', ({ limit, size }) => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await lab.cluster(engine, {
        namespaces: [{ name: 'conversation', history_size: size }],
        settings: { [LIMIT]: String(limit) },
      });
    });

    test.for([1, limit - 1, limit])(`T22 %i missed are recovered in order`, (missed) =>
      asManyAsMissedAreRecovered(lab, cluster, missed),
    );

    test(`T22 ${limit + 1} missed are told as a loss, and none is sent`, async () => {
      expect(await recover(lab, cluster, { missed: limit + 1 })).toEqual({
        recovered: false,
        numbers: [],
      });
    });
  });

  describe('from a position', () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await lab.cluster(engine);
    });

    /** The reply to somebody who asks for what came after this. */
    async function since(at: (top: { offset: number; epoch: string }) => object) {
      const channel = newConversation();
      await publish(cluster.a, ...[1, 2, 3].map((n) => ({ channel, data: n, version: n })));
      const { hmacSecret } = cluster.b;
      const wire = await lab.connectedWire(cluster.b, await sign(hmacSecret, { sub: 'ann' }));
      const token = await sign(hmacSecret, { sub: 'ann', channel });
      const position = at(await positionOf(cluster.b, channel));
      return wire.call({ subscribe: { channel, token, recover: true, ...position } });
    }
    const ASK_FOR_112 = 2;
    const LOST: [string, Parameters<typeof since>[0]][] = [
      ['another epoch', ({ offset }) => ({ offset, epoch: 'other' })],
      ['an offset above the top', ({ offset, epoch }) => ({ offset: offset + 1, epoch })],
    ];

    test.for(LOST)('T23 %s: not recovered, and nothing is sent', async ([, at]) => {
      const { subscribe } = await since(at);
      expect(subscribe).toMatchObject({ was_recovering: true, offset: 3 });
      expect(subscribe.recovered ?? false).toBe(false);
      expect(subscribe.publications ?? []).toEqual([]);
    });

    test.for(LOST)('T23 %s: 112 where the client asks for it', async ([, at]) => {
      const { error } = await since((top) => ({ ...at(top), flag: ASK_FOR_112 }));
      expect(error).toMatchObject({ code: 112, message: 'unrecoverable position' });
    });

    test('T23 the position itself: recovered, with what came after it and the versions', async () => {
      const { subscribe } = await since(({ epoch }) => ({ offset: 1, epoch }));
      expect(subscribe).toMatchObject({ was_recovering: true, recovered: true, recoverable: true });
      expect(subscribe.publications).toMatchObject([
        { data: 2, offset: 2, version: 2 },
        { data: 3, offset: 3, version: 3 },
      ]);
    });

    test('T23 an empty epoch stands for any', async () => {
      const { subscribe } = await since(() => ({ offset: 0, epoch: '' }));
      expect(subscribe.recovered).toBe(true);
      expect(subscribe.publications.map(({ data }: any) => data)).toEqual([1, 2, 3]);
    });
  });
});

/** Pages of a cluster whose Redis then loses all that it had, while everybody stays connected. */
async function emptied(settings: Record<string, string> = {}) {
  const cluster = await lab.cluster('redis', { settings });
  const channel = newConversation();
  const versioned = (version: number) => ({ channel, data: version, version });
  const plain = lab.listen(cluster.b, { channel });
  const loading = lab.listen(cluster.b, {
    channel,
    getState: () => positionOf(cluster.a, channel),
  });
  await Promise.all([plain.isTold('subscribed'), loading.isTold('recovered')]);
  await publish(cluster.a, ...[1, 2, 3].map(versioned));
  await Promise.all([plain.hears(3), loading.hears(3)]);
  await cluster.redis!.client.flushall();
  return { cluster, channel, versioned, plain, loading };
}

test('T24 an emptied engine is told with the next publication, which is itself not heard', async () => {
  const { cluster, versioned, plain, loading } = await emptied();
  await publish(cluster.a, versioned(4));
  await plain.isTold('lost');
  await loading.until(() => loading.told.filter((what) => what === 'loaded').length === 2, {
    what: 'the second load',
  });
  await loading.isTold('recovered', { from: loading.told.lastIndexOf('loaded') });
  await publish(cluster.a, versioned(5));
  for (const page of [plain, loading]) {
    await page.until(() => page.heard.includes(5), { what: '5' });
    expect(page.told).toContain('subscribing 2500');
    expect(page.heard).toEqual([1, 2, 3, 5]);
  }
});

test('T25 an emptied engine is told on an idle channel as well, by the check of positions', async () => {
  const { plain, loading } = await emptied({
    CENTRIFUGO_CLIENT_CHANNEL_POSITION_CHECK_DELAY: '1s',
    CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '1s',
  });
  await Promise.all([plain.isTold('lost'), loading.isTold('subscribing 2500')]);
  await loading.until(() => loading.told.filter((what) => what === 'loaded').length === 2, {
    what: 'the second load',
  });
});
