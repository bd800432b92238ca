import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { tryAgain } from './try-again.ts';

const Answer = z.object({ shards: z.int(), changed: z.int() });

/** How many shards were asked for, and how many of them were not so before. */
export type Paused = z.infer<typeof Answer>;

/**
 * Stops the delivery of these shards until `resume`, whatever happens to workers and Redis: it is kept in Postgres. A
 * page that is under way still arrives. What is committed meanwhile waits.
 */
export async function pause(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed },
): Promise<Paused> {
  return setPaused(sql, { ...what, paused: true });
}

/** Lets shards deliver again, and rings for them. */
export async function resume(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed; ring: (shard: number) => void },
): Promise<Paused> {
  const resumed = await setPaused(sql, { ...what, paused: false });
  for (const shard of what.shards) what.ring(shard);
  return resumed;
}

async function setPaused(
  sql: Sql,
  what: { shards: readonly number[]; deed: Deed; paused: boolean },
): Promise<Paused> {
  const { shards, paused } = what;
  const deed = deedParameter(sql, what.deed, { shards });
  const rows = await tryAgain(
    () => sql`SELECT pause_shards(${deed}, ${sql.json([...shards])}, ${paused}) AS answer`,
  );
  return answerOf(Answer, rows);
}
