import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { freePort } from '../../embedded/ports.ts';
import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { stackForTest } from '../harness/in-file.ts';
import type { Stack } from '../harness/stack.ts';
import { KEPT, report } from './promises.ts';
import { runTrial } from './trial.ts';
import type { Outcome } from './trial.ts';

/**
 * Two paths find waiting rows, jobs of BullMQ and the sweeper. Either must be enough, through an outage as well: each
 * is shown with the other taken away.
 */
describe.skipIf(centrifugoIsGiven)('with Centrifugo killed for 2 s', () => {
  it('jobs alone deliver everything, without the sweeper', async () => {
    const stack = await stackForTest({
      workerEntry: 'test/reliability/broken/worker.ts',
      workerEnv: { DELIVERY: 'without-sweeper' },
    });
    const outcome = await killFor2s(stack);
    report('jobs alone', outcome);
    expect(outcome).toMatchObject(KEPT);
  }, 120_000);

  it('the sweeper alone delivers everything, without Redis and BullMQ', async () => {
    const nobody = `redis://127.0.0.1:${await freePort()}`;
    const stack = await stackForTest({
      apiEnv: { REDIS_URL: nobody },
      workerEnv: { REDIS_URL: nobody },
    });
    const outcome = await killFor2s(stack);
    report('the sweeper alone', outcome);
    expect(outcome).toMatchObject(KEPT);
    expect(swept(stack)).toBeGreaterThan(0);
    expect(outcome.figures.triedAgain).toBe(0);
  }, 120_000);
});

async function killFor2s(stack: Stack): Promise<Outcome> {
  const { centrifugo } = stack;
  return runTrial({
    stack,
    load: { conversations: 10, receiversEach: 2, sendsPerSecond: 100 },
    beforeMs: 1_000,
    fault: async () => {
      await centrifugo.kill();
      await sleep(2_000);
      await centrifugo.restart();
    },
    afterMs: 1_000,
    graceMs: 15_000,
  });
}

const swept = ({ workers }: Stack): number =>
  workers.flatMap((worker) => worker.logs()).filter(({ event }) => event === 'sweep.rescued')
    .length;
