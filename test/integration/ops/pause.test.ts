import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { sendMessage } from '../../../core/chat/send-message.ts';
import { listActions } from '../../../core/ops/list-actions.ts';
import { pause, resume } from '../../../core/ops/pause.ts';
import { DRAIN_LOCK } from '../../../core/outbox/drain-lock.ts';
import { openDrainQueue } from '../../../core/queue/drain-queue.ts';
import { databaseForFile, ownRedisForTest, stackForTest } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import type { Stack } from '../../harness/stack.ts';
import { until } from '../../harness/until.ts';

const deed = { operator: 'olga', reason: 'restoring the database' };

describe('a pause', async () => {
  const { sql } = await databaseForFile();

  it('is recorded with who, why and which, also for shards that were so before', async () => {
    expect(await pause(sql, { shards: [3, 5], deed })).toMatchObject({ shards: 2, changed: 2 });
    expect(await pause(sql, { shards: [3, 4], deed })).toMatchObject({ shards: 2, changed: 1 });
    const paused = await sql`SELECT shard FROM shards WHERE paused ORDER BY shard`;
    expect(paused.map(({ shard }) => shard as number)).toEqual([3, 4, 5]);
    expect(await listActions(sql, { limit: 2 })).toMatchObject([
      { ...deed, action: 'pause', target: { shards: [3, 4] }, outcome: { shards: 2, changed: 1 } },
      { ...deed, action: 'pause', target: { shards: [3, 5] }, outcome: { shards: 2, changed: 2 } },
    ]);
  });

  it('is over its threshold only when no drain has the shard any more, and says so when one keeps it', async () => {
    const draining = await sql.reserve();
    await draining`SELECT pg_advisory_lock(${DRAIN_LOCK}, 5)`;
    const impatient = await pause(sql, { shards: [4, 5], deed, patienceMs: 100 });
    expect(impatient.underWay).toEqual([5]);

    let isDone = false;
    const pausing = pause(sql, { shards: [5, 6], deed }).finally(() => (isDone = true));
    const isPaused = async (): Promise<boolean> =>
      (await sql`SELECT FROM shards WHERE shard = 6 AND paused`).length > 0;
    await until(isPaused, { timeoutMs: 5_000, what: 'the pause to be written' });
    expect(isDone).toBe(false);
    await draining`SELECT pg_advisory_unlock(${DRAIN_LOCK}, 5)`;
    draining.release();
    expect((await pausing).underWay).toEqual([]);
  });

  it('ends with a resume, which rings for the shards', async () => {
    const rung: number[] = [];
    const ring = (shard: number): void => void rung.push(shard);
    expect(await resume(sql, { shards: [3, 4, 5, 6], deed, ring })).toEqual({
      shards: 4,
      changed: 4,
    });
    expect(rung).toEqual([3, 4, 5, 6]);
    expect(await sql`SELECT FROM shards WHERE paused`).toHaveLength(0);
    expect(await listActions(sql, { limit: 1 })).toMatchObject([{ action: 'resume' }]);
  });
});

type Lane = { ann: Person; id: string; shard: number };

async function openLane(stack: Stack, isWanted: (shard: number) => boolean): Promise<Lane> {
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  for (;;) {
    const id = await stack.people.group(ann!, ben!);
    const [row] = await stack.database.sql`SELECT shard FROM conversations WHERE id = ${id}`;
    const shard = row!['shard'] as number;
    if (isWanted(shard)) return { ann: ann!, id, shard };
  }
}

/** The numbers of the events that wait. */
async function waiting({ database: { sql } }: Stack, { id }: Lane): Promise<number[]> {
  const rows = await sql`SELECT ev::int FROM outbox WHERE conversation_id = ${id} ORDER BY id`;
  return rows.map(({ ev }) => ev as number);
}

it('a paused shard is drained by neither job nor sweeper, survives FLUSHALL, and delivers in order when resumed', async () => {
  const redis = await ownRedisForTest();
  const stack = await stackForTest({ redisUrl: redis.url });
  const { sql } = stack.database;
  const paused = await openLane(stack, () => true);
  const other = await openLane(stack, (shard) => shard !== paused.shard);
  await until(async () => (await sql`SELECT FROM outbox`).length === 0, {
    timeoutMs: 10_000,
    what: 'an empty outbox',
  });
  await pause(sql, { shards: [paused.shard], deed });
  await stack.redis.client.flushall();

  // A job: it came, looked, and left everything where it was.
  await paused.ann.rest.send(paused.id, { clientId: randomUUID(), content: 'one' });
  const queue = openDrainQueue({ connection: stack.redis.client, prefix: stack.redis.prefix });
  const endedPaused = async (): Promise<boolean> =>
    (await queue.getCompleted()).some(
      ({ data, returnvalue }) =>
        data.shard === paused.shard &&
        (returnvalue as { endedBy: string } | null)?.endedBy === 'paused',
    );
  await until(endedPaused, { timeoutMs: 10_000, what: 'a job that found the shard paused' });
  expect(await waiting(stack, paused)).toEqual([1]);

  // The sweeper: nobody rings for what is written past the API, and it finds that of the other shard.
  const write = (lane: Lane): Promise<unknown> =>
    sendMessage(sql, {
      ...{ conversationId: lane.id, senderId: lane.ann.id, clientId: randomUUID() },
      ...{ id: randomUUID(), type: 'text' as const, content: 'unrung' },
    });
  for (const _round of [1, 2, 3]) {
    await write(paused);
    await write(other);
    await until(async () => (await waiting(stack, other)).length === 0, {
      timeoutMs: 10_000,
      what: 'the sweeper to find the other shard',
    });
  }
  expect(await waiting(stack, paused)).toEqual([1, 2, 3, 4]);

  await resume(sql, { shards: [paused.shard], deed, ring: () => undefined });
  await until(async () => (await waiting(stack, paused)).length === 0, {
    timeoutMs: 10_000,
    what: 'the resumed shard to be delivered',
  });
  const delivered = await sql`
    SELECT ev::int, stream_offset::int AS place FROM deliveries
    WHERE conversation_id = ${paused.id} AND ev > 0 ORDER BY ev`;
  expect(delivered.map(({ place }) => place as number)).toEqual([1, 2, 3, 4]);
}, 60_000);
