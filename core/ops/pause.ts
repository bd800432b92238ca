import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { DRAIN_LOCK } from '../outbox/drain-lock.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { tryAgain } from './try-again.ts';

const Answer = z.object({ shards: z.int(), changed: z.int() });

/** How many shards were asked for, and how many of them were not so before. */
export type Changed = z.infer<typeof Answer>;

/** Those that a drain has not let go of yet. */
export type Paused = Changed & { underWay: number[] };

/** Longer than any turn of a drain takes, and than Postgres lets a stopped one hold a shard. */
const PATIENCE_MS = 10_000;

/**
 * Stops the delivery of these shards until `resume`, whatever happens to workers and Redis: it is kept in Postgres. A
 * turn that is under way comes to its end; resolves once that is so, and nothing of them is delivered any more.
 */
export async function pause(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed; patienceMs?: number },
): Promise<Paused> {
  const { shards, deed, patienceMs = PATIENCE_MS } = what;
  const changed = await setPaused(sql, { shards, deed, paused: true });
  const deadline = performance.now() + patienceMs;
  // Whoever takes a shard looks behind its lock whether it is paused: once nobody has it, nobody delivers it.
  for (;;) {
    const underWay = await heldNow(sql, shards);
    if (underWay.length === 0 || performance.now() > deadline) return { ...changed, underWay };
    await sleep(50);
  }
}

/** Lets shards deliver again, and rings for them. */
export async function resume(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed; ring: (shard: number) => void },
): Promise<Changed> {
  const changed = await setPaused(sql, { ...what, paused: false });
  for (const shard of what.shards) what.ring(shard);
  return changed;
}

async function setPaused(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed; paused: boolean },
): Promise<Changed> {
  const { shards, paused } = what;
  const deed = deedParameter(sql, what.deed, { shards });
  const rows = await tryAgain(
    () => sql`SELECT pause_shards(${deed}, ${sql.json([...shards])}, ${paused}) AS answer`,
  );
  return answerOf(Answer, rows);
}

const Held = z.array(z.object({ shard: z.coerce.number().int() }));

/** Those of these shards that a drain has at this moment. */
async function heldNow(sql: Sql, shards: readonly number[]): Promise<number[]> {
  const rows = await sql`
    SELECT objid AS shard FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${DRAIN_LOCK} AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY objid`;
  return Held.parse(rows)
    .map(({ shard }) => shard)
    .filter((shard) => shards.includes(shard));
}
