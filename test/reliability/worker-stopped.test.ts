import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { StackOptions } from '../harness/stack.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { untilShardsAreHeld, untilWaitingIsDelivered } from './shards-held.ts';
import { runTrial } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };
/** Past the four seconds after which Postgres takes a shard from whoever says nothing. */
const STOPPED_MS = 6_000;

/**
 * A worker stands still with pages on their way (a paused machine, a long swap), loses its shards to another, and goes
 * on where it was: what it had sent arrives behind what the other has sent since.
 */
describe.each(['memory', 'redis'] as const)(
  'a worker stopped past its lock and woken, with Centrifugo’s %s engine',
  (engine) => {
    it('puts nothing old before anything new, and the other has delivered everything meanwhile', async () => {
      const options: StackOptions =
        engine === 'redis' ? { engine: { redis: (await ownRedisForTest()).url } } : {};
      const stack = await stackForTest({ ...options, proxied: true });
      const { between, centrifugo, database, workers } = stack;
      const [sleeper] = workers;
      const outcome = await runTrial({
        stack,
        load,
        beforeMs: 1_000,
        fault: async () => {
          between!.workerCentrifugo.freeze();
          await untilShardsAreHeld(stack);
          sleeper!.signal('SIGSTOP');
          await stack.startWorker({ CENTRIFUGO_URL: centrifugo.url, DATABASE_URL: database.url });
          await sleep(STOPPED_MS);
          await untilWaitingIsDelivered(stack);
          // What it had sent goes on to Centrifugo now, and then it goes on itself.
          between!.workerCentrifugo.thaw();
          sleeper!.signal('SIGCONT');
        },
        afterMs: 2_000,
        graceMs: 10_000,
      });
      report(`worker stopped for ${STOPPED_MS} ms, ${engine}`, outcome);
      expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
      expect(outcome.figures.triedAgain).toBe(0);
    }, 120_000);
  },
);
