import { createCentrifugeServerClient } from '@rov/realtime/server';
import { beforeAll, describe, expect, test } from 'vitest';

import { unrefreshedSubscriptionEnds } from './checks.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { ours, secondsOf } from './our-configuration.ts';
import { call, positionOf, publish } from './server-api.ts';
import { inSeconds, sign } from './tokens.ts';

const lab = labForFile();

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine, {
      settings: { CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '1s' },
    });
  });

  async function page(user: string) {
    const channel = newConversation();
    const listener = lab.listen(cluster.b, { channel, user });
    await listener.isTold('subscribed');
    return { channel, listener };
  }

  test('T28 an unsubscribed user stays out, yet comes back by hand with the cached token and what was missed', async () => {
    const { channel, listener } = await page('kicked');
    await call(cluster.a, 'unsubscribe', { user: 'kicked', channel });
    await listener.isTold('unsubscribed 2000');
    await publish(cluster.a, { channel, data: 'said without them' });
    expect(listener.heard).toEqual([]);
    listener.subscription!.subscribe();
    await listener.isTold('recovered');
    await listener.hears(1);
    expect(listener.heard).toEqual(['said without them']);
    expect(listener.asked.subscription).toBe(1);
  });

  test('T28 only the named user, channel and client are unsubscribed', async () => {
    const { channel, listener } = await page('one');
    const same = lab.listen(cluster.b, { channel, user: 'one' });
    const foreign = lab.listen(cluster.b, { channel, user: 'two' });
    await Promise.all([same, foreign].map((each) => each.isTold('subscribed')));
    const { result } = await call(cluster.a, 'unsubscribe', {
      user: 'one',
      channel,
      client: clientOf(listener),
    });
    expect(result).toEqual({});
    await listener.isTold('unsubscribed 2000');
    await publish(cluster.a, { channel, data: 'end' });
    await Promise.all([same.hears(1), foreign.hears(1)]);
    expect([...same.told, ...foreign.told]).not.toContain('unsubscribed 2000');
  });

  test('T28 an empty channel, or a channel without the user, ends nothing', async () => {
    const { channel, listener } = await page('stays');
    await call(cluster.a, 'unsubscribe', { user: 'stays', channel: '' });
    await call(cluster.a, 'unsubscribe', { user: 'another', channel });
    await publish(cluster.a, { channel, data: 'end' });
    await listener.hears(1);
    expect(listener.told).toEqual(['connected', 'subscribed']);
  });

  test('T29 who was away during the unsubscribe comes back by itself, with the cached token', async () => {
    const { channel, listener } = await page('away');
    listener.client.disconnect();
    await call(cluster.a, 'unsubscribe', { user: 'away', channel });
    await publish(cluster.a, { channel, data: 'said meanwhile' });
    listener.client.connect();
    await listener.isTold('recovered');
    await listener.hears(1);
    expect(listener.asked.subscription).toBe(1);
  });

  test('T30 a subscription that is not renewed ends with 2501', () =>
    unrefreshedSubscriptionEnds(lab, cluster.b, {
      livesSeconds: 2,
      // The delay of our configuration, a tick of presence, and a second by which both are rounded.
      withinMs: 1_000 * (secondsOf(String(ours.client['expired_sub_close_delay'])) + 1 + 2),
    }));

  test('T30 a connection that is not renewed ends with 3005, no earlier than its token', async () => {
    const exp = inSeconds(2);
    const wire = await lab.connectedWire(
      cluster.b,
      await sign(cluster.b.hmacSecret, { sub: 'ann', exp }),
    );
    const delay = secondsOf(String(ours.client['expired_close_delay']));
    await wire.until(() => wire.closed() !== null, {
      timeoutMs: (2 + delay + 3) * 1_000,
      what: 'the end of the connection',
    });
    expect(wire.closed()).toMatchObject({ code: 3005 });
    expect(Date.now() / 1_000).toBeGreaterThanOrEqual(exp + delay - 1);
  });

  async function disconnected(code: number) {
    const user = `user-${code}`;
    const { channel, listener } = await page(user);
    await call(cluster.a, 'disconnect', { user, disconnect: { code, reason: 'on trial' } });
    const hearsAgain = async () => {
      await listener.isTold('recovered');
      await publish(cluster.a, { channel, data: 'end' });
      await listener.hears(1);
    };
    return { listener, hearsAgain };
  }

  test.for([3500, 3503, 3999, 4500, 4501, 4999])(
    'T31 %i is final: who was disconnected with it comes back only by hand',
    async (code) => {
      const { listener, hearsAgain } = await disconnected(code);
      await listener.isTold(`disconnected ${code}`);
      expect(listener.client.state).toBe('disconnected');
      listener.client.connect();
      await hearsAgain();
    },
  );

  test.for([3100, 3499, 4000, 4001, 4499])(
    'T31 who was disconnected with %i comes back by itself, and recovers',
    async (code) => {
      const { listener, hearsAgain } = await disconnected(code);
      await listener.isTold(`connecting ${code}`);
      await hearsAgain();
    },
  );

  test('T31 a final code without a reason is not final: centrifuge-js comes back', async () => {
    const { listener } = await page('no-reason');
    await call(cluster.a, 'disconnect', {
      user: 'no-reason',
      disconnect: { code: 4501, reason: '' },
    });
    await listener.isTold('connecting 4501');
    await listener.isTold('recovered');
  });

  test('T31 our own client sends a reason with every code, so that a final one is final', async () => {
    const { listener } = await page('ours');
    const centrifugo = createCentrifugeServerClient(cluster.a);
    await centrifugo.disconnect({ user: 'ours', code: 4501 });
    await centrifugo.close();
    await listener.isTold('disconnected 4501');
  });

  test('T31 without a code it is 3503', async () => {
    const { listener } = await page('plain');
    await call(cluster.a, 'disconnect', { user: 'plain' });
    await listener.isTold('disconnected 3503');
  });

  test('T31 all but the connections on a whitelist are ended', async () => {
    const { listener } = await page('twice');
    const { listener: spared } = await page('twice');
    await call(cluster.a, 'disconnect', { user: 'twice', whitelist: [clientOf(spared)] });
    await listener.isTold('disconnected 3503');
    expect(spared.client.state).toBe('connected');
  });

  test('T31 a position that was read before a disconnect is still one to recover from', async () => {
    const { channel, listener } = await page('position');
    const before = await positionOf(cluster.a, channel);
    await call(cluster.a, 'disconnect', {
      user: 'position',
      disconnect: { code: 4501, reason: 'x' },
    });
    await listener.isTold('disconnected 4501');
    expect(await positionOf(cluster.a, channel)).toEqual(before);
  });
});

/** The id that the server gave to the connection. */
function clientOf({ client }: ReturnType<typeof lab.listen>): string {
  return (client as unknown as { _client: string })._client;
}
