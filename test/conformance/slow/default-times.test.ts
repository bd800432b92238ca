/**
 * The times that we leave at Centrifugo's defaults, waited for in full; `npm run conformance:slow`. What is shown
 * here is the size of a time; that the mechanism works at all is shown, sooner, in the files above.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { chatChannel } from '@rov/realtime';
import { describe, expect, test } from 'vitest';

import { until } from '../../harness/until.ts';
import { unrefreshedSubscriptionEnds } from '../checks.ts';
import { expectKeptButNotHeard, publishIntoAHungRedis } from '../hung-redis.ts';
import { ENGINES, labForFile, newConversation } from '../lab.ts';
import { ours, secondsOf } from '../our-configuration.ts';
import { clientsOn, kept, positionOf, publish } from '../server-api.ts';
import { aStreamArrivesWhole } from '../stream.ts';

const lab = labForFile();
const KEY_SECONDS = 300;
/** `client.presence_update_interval`: expiries and positions are looked at so often. */
const TICK_SECONDS = 27;
const POSITION_CHECK_SECONDS = 40;
const PING_SECONDS = 25;
const PONG_SECONDS = 8;
const GOODBYE_SECONDS = 5;
const PRESENCE_TTL_SECONDS = 60;
/** What a busy machine may add. */
const SLACK_SECONDS = 3;

const timed = async (waiting: Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await waiting;
  return (performance.now() - began) / 1_000;
};

describe.each(ENGINES)('on the %s engine', (engine) => {
  test('T18 a key holds for 290 seconds and is free again after 302', async () => {
    const { a, b } = await lab.cluster(engine);
    const channel = newConversation();
    const keyed = { channel, idempotency_key: 'k' };
    await publish(a, { ...keyed, data: 'first' });
    await sleep((KEY_SECONDS - 10) * 1_000);
    await publish(b, { ...keyed, data: 'within' });
    expect(await kept(a, channel)).toEqual(['first']);
    await sleep(12_500);
    await publish(b, { ...keyed, data: 'after' });
    expect(await kept(a, channel)).toEqual(['first', 'after']);
  });

  test('T30 a subscription that is not renewed ends within its token’s life, our delay and one tick', async () => {
    const { b } = await lab.cluster(engine);
    const delay = secondsOf(String(ours.client['expired_sub_close_delay']));
    await unrefreshedSubscriptionEnds(lab, b, {
      livesSeconds: 2,
      withinMs: (delay + TICK_SECONDS + SLACK_SECONDS) * 1_000,
    });
  });

  test('T34 who is silent leaves presence within 40 seconds, and not before half a ping', async () => {
    const { a, b } = await lab.cluster(engine);
    const channel = chatChannel('silent');
    const proxy = await lab.proxy(b);
    const wsUrl = b.wsUrl.replace(String(b.port), String(proxy.port));
    const listener = lab.listen({ ...b, wsUrl }, { user: 'silent', channel });
    await listener.isTold('subscribed');
    proxy.freeze();
    const limit = PING_SECONDS + PONG_SECONDS + GOODBYE_SECONDS;
    const took = await timed(
      until(async () => (await clientsOn(a, channel)) === 0, {
        timeoutMs: (limit + SLACK_SECONDS) * 1_000,
        what: 'the silent one to leave',
      }),
    );
    console.log(`  half-open, ${engine}: gone after ${took.toFixed(1)} s`);
    expect(took).toBeGreaterThan(PING_SECONDS / 2);
  });

  test('T39 five thousand a second for eight seconds arrive whole and in order', async () => {
    await aStreamArrivesWhole(lab, await lab.cluster(engine), { perSecond: 5_000, seconds: 8 });
  });
});

test('T25 an emptied engine is told on an idle channel within a minute', async () => {
  const { a, b, redis } = await lab.cluster('redis');
  const channel = newConversation();
  const listener = lab.listen(b, { channel });
  await listener.isTold('subscribed');
  await publish(a, { channel, data: 1, version: 1 });
  await listener.hears(1);
  await redis!.client.flushall();
  const timeoutMs = (POSITION_CHECK_SECONDS + TICK_SECONDS + SLACK_SECONDS) * 1_000;
  const took = await timed(listener.isTold('lost', { timeoutMs }));
  console.log(`  idle channel: told after ${took.toFixed(1)} s`);
  const { epoch } = await positionOf(a, channel);
  expect(epoch).toMatch(/./);
});

test('T34 those on a killed node leave presence within presence_ttl, and not long before', async () => {
  const { a, b } = await lab.cluster('redis');
  const channel = chatChannel('ghost');
  await lab.listen(b, { user: 'ghost', channel }).isTold('subscribed');
  await b.kill();
  const took = await timed(
    until(async () => (await clientsOn(a, channel)) === 0, {
      timeoutMs: (PRESENCE_TTL_SECONDS + 5) * 1_000,
      what: 'the ghost to leave',
    }),
  );
  console.log(`  node killed: ghosts for ${took.toFixed(1)} s`);
  expect(took).toBeGreaterThan(PRESENCE_TTL_SECONDS - TICK_SECONDS - SLACK_SECONDS);
});

test('T36 what a hung Redis kept from an idle channel is heard when positions are checked', async () => {
  const state = await publishIntoAHungRedis(lab);
  await expectKeptButNotHeard(state);
  const timeoutMs = (POSITION_CHECK_SECONDS + TICK_SECONDS + SLACK_SECONDS) * 1_000;
  const took = await timed(state.listener.hears(2, { timeoutMs }));
  console.log(`  hung Redis, idle channel: heard after ${took.toFixed(1)} s`);
  expect(state.listener.heard).toEqual([1, 2]);
});
