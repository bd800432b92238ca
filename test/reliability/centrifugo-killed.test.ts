import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { Stack } from '../harness/stack.ts';
import { publishBeforeCommit } from './broken/publish-before-commit.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';
import type { Outcome, Trial } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };

/** A trial with Centrifugo killed for 3 s in its middle. */
function killFor3s(stack: Stack, trial: Partial<Trial> = {}): Promise<Outcome> {
  return runTrial({
    stack,
    load,
    beforeMs: 2_000,
    fault: async () => {
      await stack.centrifugo.kill();
      await sleep(3_000);
      await stack.centrifugo.restart();
    },
    afterMs: 1_000,
    graceMs: 15_000,
    ...trial,
  });
}

describe.skipIf(centrifugoIsGiven)('Centrifugo killed for 3 s under 100 sends a second', () => {
  it('with its history: users see everything once and in order, and every send is answered meanwhile', async () => {
    const stack = await stackForTest();
    const outcome = await killFor3s(stack);
    report('Centrifugo killed, history lost', outcome);
    expect(outcome).toMatchObject(KEPT);
    expect(outcome.figures.triedAgain).toBe(0);
    expect(outcome.figures.sentInFault).toBeGreaterThan(250);
  }, 120_000);

  it('while Redis keeps its history: nobody has to read again what was not in doubt', async () => {
    const redis = await ownRedisForTest();
    const stack = await stackForTest({ engine: { redis: redis.url } });
    const outcome = await killFor3s(stack);
    report('Centrifugo killed, history kept', outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
    expect(outcome.figures.triedAgain).toBe(0);
    // What was on its way when Centrifugo died is in doubt, and announced as such; nothing else is read again.
    expect(outcome.figures.refetches).toBeLessThanOrEqual(outcome.figures.resyncs);
  }, 120_000);

  it('loses messages when the sender publishes before it commits: the checker sees it', async () => {
    const stack = await stackForTest({ workers: 0, isUnheld: true });
    const broken = publishBeforeCommit(stack);
    const outcome = await killFor3s(stack, { send: broken.send, beforeMs: 500, graceMs: 3_000 });
    await broken.close();
    report('control: published before commit', outcome);
    expect(outcome.givenUp).toEqual([]);
    expect(outcome.eyes.lost).not.toEqual([]);
    expect(outcome.wire.unheard).not.toEqual([]);
  }, 120_000);
});
