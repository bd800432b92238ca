import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { ownPostgresForTest, stackForTest } from '../harness/in-file.ts';
import type { Stack } from '../harness/stack.ts';
import { until } from '../harness/until.ts';
import { waitingCalls } from '../harness/waiting-calls.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';

const TIMES = 5;
const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 100 };

describe('Postgres', () => {
  it('crashed and started again under 100 sends a second: what was acknowledged is there and heard', async () => {
    const { server, servers } = await ownPostgresForTest();
    const stack = await stackForTest({ servers });
    const outcome = await runTrial({
      stack,
      load,
      beforeMs: 2_000,
      fault: async () => {
        await server.kill();
        await sleep(1_000);
        await server.restart();
      },
      afterMs: 2_000,
      graceMs: 10_000,
    });
    report('Postgres crashed', outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: { unheard: [], outOfOrder: [] } });
  }, 120_000);

  it('ending the connections of sends that wait for a lock: each is stored once, by the next try of the API or its own', async () => {
    const stack = await stackForTest();
    let ended = 0;
    const outcome = await runTrial({
      stack,
      load,
      beforeMs: 1_000,
      fault: async () => {
        for (let time = 0; time < TIMES; time += 1) {
          ended += await endWaitingSends(stack);
          await sleep(300);
        }
      },
      afterMs: 2_000,
      graceMs: 10_000,
    });
    report(`${ended} backends terminated inside a send`, outcome);
    expect(ended).toBeGreaterThanOrEqual(TIMES);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
  }, 120_000);
});

/** Locks all conversations, lets sends come in and wait inside their function, and ends the backends of those. */
async function endWaitingSends({ database: { sql } }: Stack): Promise<number> {
  return sql.begin(async (tx) => {
    await tx`SELECT FROM conversations ORDER BY id FOR UPDATE`;
    let pids: number[] = [];
    await until(async () => (pids = await waitingCalls(sql, 'send_message')).length > 0, {
      timeoutMs: 5_000,
      what: 'a send to wait for the lock',
    });
    const ended = await sql`
      SELECT FROM unnest(${pids}::int[]) pid WHERE pg_terminate_backend(pid)`;
    return ended.length;
  });
}
