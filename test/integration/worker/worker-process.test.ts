import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { startRedis } from '../../../embedded/parts.ts';
import { startFaultyCentrifugo } from '../../harness/faulty-centrifugo.ts';
import { stackForTest } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import type { Recorder } from '../../harness/recorder.ts';
import type { Stack } from '../../harness/stack.ts';
import { until } from '../../harness/until.ts';
import { judge } from '../../harness/verdict.ts';
import type { AcknowledgedSend } from '../../harness/verdict.ts';

const CLEAN = { lost: [], outOfOrder: [], shownTwice: [], rawDuplicates: 0 };

type Lane = { ann: Person; conversationId: string; page: Recorder };

async function openLane(stack: Stack): Promise<Lane> {
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  const conversationId = await stack.people.direct(ann!, ben!);
  const page = stack.record({ person: ben!, conversations: [conversationId] });
  await page.ready();
  return { ann: ann!, conversationId, page };
}

async function sendMany({ ann, conversationId }: Lane, count: number): Promise<AcknowledgedSend[]> {
  const sends: AcknowledgedSend[] = [];
  for (let n = 1; n <= count; n += 1) {
    const message = { clientId: randomUUID(), content: `message ${n}` };
    const { status, body } = await ann.rest.send(conversationId, message);
    expect(status).toBe(201);
    sends.push(body);
  }
  return sends;
}

const untilSeen = ({ page, conversationId }: Lane, count: number): Promise<void> =>
  page.until(() => page.shown(conversationId).length >= count, {
    timeoutMs: 15_000,
    what: () => `${count} messages; there are ${page.shown(conversationId).length}`,
  });

/** From commit to acknowledgement, in milliseconds, of all that was delivered. */
async function lags({ database: { sql } }: Stack): Promise<number[]> {
  const rows = await sql`
    SELECT extract(epoch FROM acknowledged_at - committed_at)::float8 * 1000 AS ms
    FROM deliveries WHERE ev > 0 ORDER BY ms`;
  return rows.map((row) => row['ms'] as number);
}

describe('a worker', () => {
  it('delivers at the ring of the doorbell, long before its sweeper would look, and ends when it is asked to', async () => {
    const stack = await stackForTest();
    const lane = await openLane(stack);
    const sends = await sendMany(lane, 20);
    await untilSeen(lane, 20);
    expect(judge(sends, [lane.page])).toEqual(CLEAN);
    // A socket hears an event a moment before it is written down as delivered.
    let all: number[] = [];
    await until(async () => (all = await lags(stack)).length >= 20, {
      timeoutMs: 5_000,
      what: () => `20 deliveries; there are ${all.length}`,
    });
    console.log(
      `commit to acknowledgement: p50 ${all[10]?.toFixed(1)} ms, max ${all.at(-1)?.toFixed(1)} ms`,
    );
    // What the sweeper finds has waited for 500 ms already.
    expect(all[10]).toBeLessThan(500);

    const from = performance.now();
    expect(await stack.workers[0]!.stop()).toBe(0);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('delivers by its sweeper alone while Redis is dead, and sends are answered meanwhile', async () => {
    const redis = await startRedis({ purpose: 'tests' });
    const stack = await stackForTest({ redisUrl: redis.url });
    const lane = await openLane(stack);
    await redis.kill();
    const sends = await sendMany(lane, 5);
    await untilSeen(lane, 5);
    expect(judge(sends, [lane.page])).toEqual(CLEAN);
    await stack.workers[0]!.waitForLog(({ event }) => event === 'sweep.rescued');
  });

  it('that is killed leaves its shards to the other, and nothing is mixed up', async () => {
    const stack = await stackForTest({ workers: 2 });
    const lanes = await Promise.all([openLane(stack), openLane(stack), openLane(stack)]);
    const [, sends] = await Promise.all([
      until(async () => (await lags(stack)).length > 20, {
        timeoutMs: 15_000,
        what: 'some deliveries',
      }).then(() => stack.workers[0]!.kill()),
      Promise.all(lanes.map((lane) => sendMany(lane, 60))),
    ]);
    for (const lane of lanes) await untilSeen(lane, 60);
    const verdict = judge(
      sends.flat(),
      lanes.map(({ page }) => page),
    );
    expect(verdict).toEqual(CLEAN);
  });

  it('that dies between the acknowledgement and the settle shows nobody anything twice', async () => {
    const stack = await stackForTest({ workers: 0 });
    const between = await startFaultyCentrifugo(stack.centrifugo);
    const first = await stack.startWorker({ CENTRIFUGO_URL: between.url });
    const lane = await openLane(stack);
    await sendMany(lane, 1);
    await untilSeen(lane, 1);

    const died = Promise.withResolvers<void>();
    between.next(async ({ forward }) => {
      await forward();
      await first.kill();
      died.resolve();
      return 'cut';
    });
    const [second] = await sendMany(lane, 1);
    await died.promise;
    await untilSeen(lane, 2);
    expect(await stack.database.sql`SELECT ev::int FROM outbox`).toMatchObject([{ ev: 2 }]);

    await stack.startWorker({ CENTRIFUGO_URL: between.url });
    const more = await sendMany(lane, 3);
    await untilSeen(lane, 5);
    expect(judge([second!, ...more], [lane.page])).toEqual(CLEAN);
    const repeats = between.batches.flat().filter(({ publish }) => publish?.['version'] === 2);
    expect(repeats).toHaveLength(2);
    expect(repeats[1]).toEqual(repeats[0]);
    expect(lane.page.ends).toEqual([]);
    await between.close();
  });
});
