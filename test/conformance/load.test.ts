import { randomUUID } from 'node:crypto';

import { chatChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import { until } from '../harness/until.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { clientsOn, publish } from './server-api.ts';
import { aStreamArrivesWhole } from './stream.ts';
import { sign } from './tokens.ts';

const lab = labForFile();

describe.each(ENGINES)('on the %s engine', { concurrent: false }, (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine);
  });

  test('T39 a stream of thousands a second arrives whole and in order', () =>
    aStreamArrivesWhole(lab, cluster, { perSecond: 2_000, seconds: 2 }));

  test('T40 who stops reading is let go long before a ping would tell, and others hear everything', async () => {
    const channel = chatChannel(randomUUID());
    const proxy = await lab.proxy(cluster.b);
    const wsUrl = cluster.b.wsUrl.replace(String(cluster.b.port), String(proxy.port));
    const stalled = await lab.wire({ wsUrl });
    const { hmacSecret } = cluster.b;
    await stalled.call({ connect: { token: await sign(hmacSecret, { sub: 'slow' }) } });
    const token = await sign(hmacSecret, { sub: 'slow', channel });
    await stalled.call({ subscribe: { channel, token } });
    const listener = lab.listen(cluster.b, { channel });
    await listener.isTold('subscribed');
    expect(await clientsOn(cluster.a, channel)).toBe(2);

    proxy.freeze();
    const data = 'x'.repeat(100_000);
    let sent = 0;
    await until(
      async () => {
        await publish(cluster.a, { channel, data, skip_history: true });
        sent += 1;
        await listener.hears(sent);
        return (await clientsOn(cluster.a, channel)) === 1;
      },
      { timeoutMs: 10_000, what: 'the stalled client to be let go' },
    );
    expect(listener.told).toEqual(['connected', 'subscribed']);
    expect(listener.heard).toHaveLength(sent);
  });

  test('T41 a publication above the queue’s size ends connections with 3008, and is heard once, by recovery', async () => {
    const channel = newConversation();
    const listener = lab.listen(cluster.b, { channel });
    await listener.isTold('subscribed');
    const big = 'x'.repeat(1_200_000);
    await publish(cluster.a, { channel, data: big, version: 1 });
    await listener.hears(1);
    await publish(cluster.a, { channel, data: 'end', version: 2 });
    await listener.hears(2);
    expect(listener.heard.map((data) => data.length)).toEqual([big.length, 3]);
    // The recovering reply is above the size, too: whether it gets through is a race that the client runs again until
    // it has won, so the number of ends differs.
    const ends = listener.told.filter((what) => what.startsWith('connecting'));
    expect(new Set(ends)).toEqual(new Set(['connecting 3008']));
    expect(listener.told).toContain('recovered');
    expect(listener.told).not.toContain('lost');
  });
});
