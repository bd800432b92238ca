import { expect, test } from 'vitest';

import { freePort } from '../../embedded/ports.ts';
import { until } from '../harness/until.ts';
import { expectKeptButNotHeard, publishIntoAHungRedis } from './hung-redis.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import { call, publish, send } from './server-api.ts';

const lab = labForFile();
/** How long the engine waits for an answer of Redis: what takes less is no such wait. */
const IO_TIMEOUT_MS = 4_000;

test('T35 Redis killed: every command is 100 at once, health is green, clients stay and hear again afterwards', async () => {
  const { a, b, redis } = await lab.cluster('redis');
  const channel = newConversation();
  const listener = lab.listen(b, { channel });
  await listener.isTold('subscribed');
  await redis!.kill();
  const began = performance.now();
  for (const [command, params] of [
    ['publish', { channel, data: 0, version: 1 }],
    ['broadcast', { channels: [channel], data: 0 }],
    ['history', { channel, limit: 0 }],
    ['unsubscribe', { channel, user: 'somebody' }],
    ['presence_stats', { channel: channel.replace('conversation', 'chat') }],
  ] as const) {
    const { error, result } = await call(a, command, params);
    expect([command, (error ?? result.responses[0].error).code]).toEqual([command, 100]);
  }
  expect(performance.now() - began).toBeLessThan(IO_TIMEOUT_MS);
  expect(await send(b, '/health', { method: 'GET' })).toMatchObject({ status: 200 });
  expect(listener.told).toEqual(['connected', 'subscribed']);

  const newcomer = lab.listen(b, { channel });
  await redis!.restart();
  let version = 0;
  await until(
    async () => {
      version += 1;
      await publish(a, { channel, data: version, version });
      return listener.heard.length > 0 && newcomer.heard.length > 0;
    },
    { timeoutMs: 20_000, what: 'both to hear again' },
  );
  // The subscription may have begun again; the connection has not.
  expect(listener.told.filter((what) => what.includes('connect'))).toEqual(['connected']);
});

test('T36 Redis hung: 100, yet the event is kept; its repeat is a success, and nobody hears it until the next event', async () => {
  const state = await publishIntoAHungRedis(lab);
  await expectKeptButNotHeard(state);
  const { a, listener, event } = state;
  await publish(a, event(3));
  await listener.hears(3);
  expect(listener.heard).toEqual([1, 2, 3]);
  expect(listener.told).toEqual(['connected', 'subscribed', 'subscribing 2500', 'recovered']);
});

test.for(ENGINES)(
  'T37 SIGTERM on the %s engine: clients are told 3001 and come back',
  async (engine) => {
    const { b } = await lab.cluster(engine);
    const channel = newConversation();
    const listener = lab.listen(b, { channel });
    await listener.isTold('subscribed');
    await b.stop();
    await listener.isTold('connecting 3001');
    await b.restart();
    await listener.isTold(engine === 'memory' ? 'lost' : 'recovered');
  },
);

test('T38 a Redis that cannot be reached at the start ends it with exit code 1', async () => {
  const nowhere = { url: `redis://127.0.0.1:${await freePort()}` };
  await expect(lab.node({ redis: nowhere })).rejects.toThrow(/exit code 1\)/);
});
