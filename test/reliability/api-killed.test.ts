import { describe, expect, it } from 'vitest';

import { stackForTest } from '../harness/in-file.ts';
import type { Stack } from '../harness/stack.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };
const TIMES = 3;

describe('the API killed between a commit and its answer', () => {
  it('leaves a message that its sender sends again and that is stored and heard once', async () => {
    const stack = await stackForTest({ proxied: true });
    const outcome = await runTrial({
      stack,
      load,
      beforeMs: 1_000,
      fault: async () => {
        for (let time = 0; time < TIMES; time += 1) await killBeforeItAnswers(stack);
      },
      afterMs: 1_500,
      graceMs: 10_000,
    });
    report(`API killed ${TIMES} times between commit and answer`, outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
    // Each time at least the one whose answer was held, and which was stored by then: its next try found it.
    expect(outcome.figures.replayed).toBeGreaterThanOrEqual(TIMES);
  }, 120_000);
});

async function killBeforeItAnswers({ between, api, database: { sql } }: Stack): Promise<void> {
  const held = await between!.apiPostgres.holdAnswerTo('This is message-');
  const [, clientId = ''] = /This is (message-\d+)/.exec(held.asked) ?? [];
  await api.kill();
  expect(await sql`SELECT FROM messages WHERE client_id = ${clientId}`).toHaveLength(1);
  held.resetConnection();
  await api.restart();
}
