import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { stackForTest } from '../harness/in-file.ts';
import type { Stack, StackOptions } from '../harness/stack.ts';
import { oneJobPerRow } from './broken/one-job-per-row.ts';
import { KEPT, KEPT_ON_THE_WIRE, report } from './promises.ts';
import { runTrial } from './trial.ts';
import type { Outcome } from './trial.ts';

const load = { conversations: 10, receiversEach: 2, sendsPerSecond: 200 };

/**
 * No part fails here, everything only takes its time: commits wait for a slow disk, answers for a slow network, and all
 * conversations share a shard. What goes out of order or missing now was never safe.
 */
describe('with slow commits, a slow way to Centrifugo and all conversations in one shard', () => {
  it('every socket gets every event once and in order, from two workers', async () => {
    const outcome = await onASlowDay({ workers: 2 }, { graceMs: 10_000 });
    report('slow day', outcome);
    expect(outcome).toMatchObject({ ...KEPT, wire: KEPT_ON_THE_WIRE });
    // Nothing was in doubt either: what is slow here is not broken.
    expect(outcome.figures.refetches).toBe(0);
  }, 120_000);

  it('control: a cursor over ids passes rows over', async () => {
    const outcome = await onASlowDay(delivery('id-cursor'));
    report('control: id cursor', outcome);
    expect(outcome.tables.waiting).toBeGreaterThan(0);
    expect(outcome.wire.unheard).not.toEqual([]);
  }, 120_000);

  it('control: SKIP LOCKED on rows mixes up events', async () => {
    const outcome = await onASlowDay(delivery('skip-locked'));
    report('control: SKIP LOCKED', outcome);
    // What comes behind its successor is out of order on `chat:*`, and on `conversation:*` fenced for good.
    expect([...outcome.wire.outOfOrder, ...outcome.wire.unheard]).not.toEqual([]);
  }, 120_000);

  it('control: one job per row mixes up events', async () => {
    const outcome = await onASlowDay({ workers: 0 }, { deliver: oneJobPerRow });
    report('control: one job per row', outcome);
    expect(outcome.wire.outOfOrder).not.toEqual([]);
  }, 120_000);
});

const delivery = (name: string): StackOptions => ({
  workerEntry: 'test/reliability/broken/worker.ts',
  workerEnv: { DELIVERY: name },
});

async function onASlowDay(
  options: StackOptions,
  {
    deliver,
    graceMs = 3_000,
  }: { deliver?: (stack: Stack) => { close(): Promise<void> }; graceMs?: number } = {},
): Promise<Outcome> {
  const stack = await stackForTest({ ...options, proxied: true });
  await slowDown(stack);
  const delivering = deliver?.(stack);
  const outcome = await runTrial({
    stack,
    load,
    beforeMs: 0,
    fault: () => sleep(2_000),
    afterMs: 0,
    graceMs,
  });
  await delivering?.close();
  return outcome;
}

async function slowDown({ database: { sql }, between }: Stack): Promise<void> {
  // A deferred trigger runs at the commit, when the row has its id and nobody can see it yet.
  await sql`
    CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(random() * 0.03); RETURN NULL; END $$`;
  await sql`
    CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON outbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow_disk()`;
  await sql`
    CREATE FUNCTION one_shard() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.shard := 3; RETURN NEW; END $$`;
  await sql`
    CREATE TRIGGER one_shard BEFORE INSERT ON conversations
    FOR EACH ROW EXECUTE FUNCTION one_shard()`;
  between!.workerCentrifugo.slowDown(() => Math.random() * 60);
}
