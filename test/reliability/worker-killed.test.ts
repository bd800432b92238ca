import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { stackForTest } from '../harness/in-file.ts';
import type { Stack, StackOptions } from '../harness/stack.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { untilShardsAreHeld, untilWaitingIsDelivered } from './shards-held.ts';
import { runTrial } from './trial.ts';
import type { Outcome } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };
const TIMES = 3;

describe('the worker killed between Centrifugo’s acknowledgement and the settle', () => {
  it('leaves events that are sent again, and that no socket gets twice', async () => {
    const outcome = await killBeforeItSettles({});
    report(`worker killed ${TIMES} times before its settle`, outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
    expect(outcome.figures.triedAgain).toBe(0);
  }, 120_000);

  it('control: without idempotency keys sockets get events twice', async () => {
    const outcome = await killBeforeItSettles({ DELIVERY: 'no-idempotency-key' });
    report('control: no idempotency key', outcome);
    expect(outcome.wire.duplicates).toBeGreaterThan(0);
  }, 120_000);

  it('control: rows deleted before the acknowledgement vanish with the worker', async () => {
    const outcome = await killBeforeItSettles({ DELIVERY: 'delete-before-acknowledgement' });
    report('control: deleted before acknowledgement', outcome);
    expect(outcome.tables.vanished).not.toEqual([]);
  }, 120_000);
});

describe('the machine of a worker gone in the middle of a page', () => {
  it('frees its shards within seconds, and another worker delivers what it held', async () => {
    const stack = await stackForTest({ proxied: true });
    const { database, centrifugo, between, workers } = stack;
    const outcome = await runTrial({
      stack,
      load,
      beforeMs: 1_000,
      fault: async () => {
        // Nothing comes back from Centrifugo, so pages stay open; then nothing leaves the machine at all, so
        // Postgres does not learn of the end and keeps the locks.
        between!.workerCentrifugo.freeze();
        await untilShardsAreHeld(stack);
        between!.workerPostgres.freeze();
        await workers[0]!.kill();
        await stack.startWorker({ DATABASE_URL: database.url, CENTRIFUGO_URL: centrifugo.url });
        await untilWaitingIsDelivered(stack);
      },
      afterMs: 1_000,
      graceMs: 10_000,
    });
    report('worker gone while it held shards', outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
    expect(outcome.figures.triedAgain).toBe(0);
  }, 120_000);
});

async function killBeforeItSettles(workerEnv: Record<string, string>): Promise<Outcome> {
  const variant: StackOptions = workerEnv['DELIVERY']
    ? { workerEntry: 'test/reliability/broken/worker.ts', workerEnv }
    : {};
  const stack = await stackForTest({ ...variant, proxied: true });
  return runTrial({
    stack,
    load,
    beforeMs: 1_000,
    fault: async () => {
      for (let time = 0; time < TIMES; time += 1) {
        await killBeforeTheAnswer(stack);
        await sleep(300);
      }
    },
    afterMs: 1_000,
    graceMs: 5_000,
  });
}

/** Centrifugo has done what it was asked, its answer does not get through, and the worker dies before it comes. */
async function killBeforeTheAnswer({ between, workers }: Stack): Promise<void> {
  await between!.workerCentrifugo.holdAnswerTo('"publish"');
  await workers[0]!.kill();
  await workers[0]!.restart();
}
