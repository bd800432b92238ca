import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { OwnServer } from '../harness/own-server.ts';
import type { Stack } from '../harness/stack.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };

const FAULTS: Record<string, (redis: OwnServer, stack: Stack) => Promise<void>> = {
  'killed for 3 s, and back without its data': async (redis) => {
    await redis.kill();
    await sleep(3_000);
    await redis.restart();
  },
  'emptied thirty times': async (_, { redis: { client } }) => {
    for (let time = 0; time < 30; time += 1) {
      await client.flushall();
      await sleep(100);
    }
  },
  'silent for 3 s, with every connection open': async (_, { redis: { client } }) => {
    await client.client('PAUSE', 3_000, 'ALL');
    await sleep(3_000);
  },
};

describe('the Redis of the queue', () => {
  it.each(Object.entries(FAULTS))(
    '%s: no send fails and nothing is lost, mixed up or repeated',
    async (name, fault) => {
      const redis = await ownRedisForTest();
      const stack = await stackForTest({ redisUrl: redis.url });
      const outcome = await runTrial({
        stack,
        load,
        beforeMs: 1_000,
        fault: () => fault(redis, stack),
        afterMs: 1_000,
        graceMs: 10_000,
      });
      report(`Redis ${name}`, outcome);
      expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
      expect(outcome.figures).toMatchObject({ triedAgain: 0, refetches: 0 });
      expect(outcome.figures.acknowledged).toBeGreaterThan(400);
    },
    120_000,
  );
});
