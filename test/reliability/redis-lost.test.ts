import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { OwnServer } from '../harness/own-server.ts';
import type { Stack } from '../harness/stack.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };

type Fault = {
  happen: (redis: OwnServer, stack: Stack) => Promise<void>;
  /** What some process logs because of it: else it would have hit a Redis that nobody uses. */
  noticedAs: string;
};

const FAULTS: Record<string, Fault> = {
  'killed for 3 s, and back without its data': {
    happen: async (redis) => {
      await redis.kill();
      await sleep(3_000);
      await redis.restart();
    },
    noticedAs: 'redis.unreachable',
  },
  'emptied thirty times': {
    happen: async (_, { redis: { client } }) => {
      for (let time = 0; time < 30; time += 1) {
        await client.flushall();
        await sleep(100);
      }
    },
    noticedAs: 'queue.error',
  },
  'silent for 3 s, with every connection open': {
    happen: async (_, { redis: { client } }) => {
      await client.client('PAUSE', 3_000, 'ALL');
      await sleep(3_000);
    },
    noticedAs: 'sweep.rescued',
  },
};

describe('the Redis of the queue', () => {
  it.each(Object.entries(FAULTS))(
    '%s: no send fails and nothing is lost, mixed up or repeated',
    async (name, { happen, noticedAs }) => {
      const redis = await ownRedisForTest();
      const stack = await stackForTest({ redisUrl: redis.url });
      const outcome = await runTrial({
        stack,
        load,
        beforeMs: 1_000,
        fault: () => happen(redis, stack),
        afterMs: 1_000,
        graceMs: 10_000,
      });
      report(`Redis ${name}`, outcome);
      const logged = [stack.api, ...stack.workers].flatMap((door) => door.logs());
      expect(logged.map(({ event }) => event)).toContain(noticedAs);
      expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
      expect(outcome.figures).toMatchObject({ triedAgain: 0, refetches: 0 });
    },
    120_000,
  );
});
