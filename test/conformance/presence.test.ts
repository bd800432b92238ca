import { chatChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import { until } from '../harness/until.ts';
import { ENGINES, labForFile } from './lab.ts';
import type { Cluster } from './lab.ts';
import { clientsOn } from './server-api.ts';

const lab = labForFile();
const PING_MS = 2_000;
const PONG_MS = 1_000;
/** A server may wait so long for the other side's goodbye before it lets go. */
const GOODBYE_MS = 5_000;
const PRESENCE_TTL_MS = 3_000;

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine, {
      settings: {
        CENTRIFUGO_CLIENT_PING_INTERVAL: `${PING_MS}ms`,
        CENTRIFUGO_CLIENT_PONG_TIMEOUT: `${PONG_MS}ms`,
        CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '1s',
        CENTRIFUGO_ENGINE_REDIS_PRESENCE_TTL: `${PRESENCE_TTL_MS}ms`,
      },
    });
  });

  async function somebody(user: string) {
    const channel = chatChannel(user);
    const proxy = await lab.proxy(cluster.b);
    const through = cluster.b.wsUrl.replace(String(cluster.b.port), String(proxy.port));
    const listener = lab.listen({ ...cluster.b, wsUrl: through }, { user, channel });
    await listener.isTold('subscribed');
    const count = (wanted: number, timeoutMs: number) =>
      until(async () => (await clientsOn(cluster.a, channel)) === wanted, {
        timeoutMs,
        what: `${wanted} of ${channel}`,
      });
    await count(1, 2_000);
    return { proxy, listener, count, channel };
  }

  test('T34 who closes leaves presence at once', async () => {
    const { listener, count } = await somebody('closes');
    listener.client.disconnect();
    await count(0, PING_MS);
  });

  test('T34 whose connection is reset leaves presence at once', async () => {
    const { proxy, count } = await somebody('reset');
    await proxy.cut();
    await count(0, PING_MS);
  });

  test('T34 who is silent leaves presence when a ping stays without an answer', async () => {
    const { proxy, count, channel } = await somebody('silent');
    proxy.freeze();
    expect(await clientsOn(cluster.a, channel)).toBe(1);
    await count(0, PING_MS + PONG_MS + GOODBYE_MS + 2_000);
  });

  test('T34 who answers pings stays, longer than presence lives without being renewed', async () => {
    const { channel, listener } = await somebody('stays');
    const seen: number[] = [];
    const end = performance.now() + PING_MS + PRESENCE_TTL_MS;
    await until(
      async () => {
        seen.push(await clientsOn(cluster.a, channel));
        return performance.now() >= end;
      },
      { timeoutMs: 20_000, what: 'the time to pass' },
    );
    expect(new Set(seen)).toEqual(new Set([1]));
    expect(listener.told).toEqual(['connected', 'subscribed']);
  });
});

test('T34 those on a killed node stay in presence until presence_ttl, and leave it then', async () => {
  const cluster = await lab.cluster('redis', {
    settings: {
      CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '1s',
      CENTRIFUGO_ENGINE_REDIS_PRESENCE_TTL: `${PRESENCE_TTL_MS}ms`,
    },
  });
  const channel = chatChannel('ghost');
  const listener = lab.listen(cluster.b, { user: 'ghost', channel });
  await listener.isTold('subscribed');
  await cluster.b.kill();
  expect(await clientsOn(cluster.a, channel)).toBe(1);
  await until(async () => (await clientsOn(cluster.a, channel)) === 0, {
    timeoutMs: PRESENCE_TTL_MS + 3_000,
    what: 'the ghost to leave',
  });
});
