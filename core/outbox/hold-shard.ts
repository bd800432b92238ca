import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/open-sql.ts';
import { DRAIN_LOCK } from './drain-lock.ts';

const Taken = z.enum(['taken', 'empty', 'busy', 'paused']);

/**
 * Takes a shard for the session of this connection (hold-shard.sql): `busy` where another session has it. Postgres
 * ends a session that holds one and says nothing for four seconds.
 */
export async function takeShard(
  sql: Sql,
  drain: { shard: number; holder: string; doubted: boolean; rows: number },
): Promise<z.infer<typeof Taken>> {
  const rows = await sql`
    SELECT take_shard(${DRAIN_LOCK}, ${drain.shard}, ${drain.holder}, ${drain.doubted}, ${drain.rows})
      AS answer`;
  return answerOf(Taken, rows);
}

export async function releaseShard(sql: Sql, shard: number): Promise<void> {
  await sql`SELECT release_shard(${DRAIN_LOCK}, ${shard})`;
}

/** Shows Postgres that the holder of a shard is alive, while it waits for something that takes long. */
export async function stillHere(sql: Sql): Promise<void> {
  await sql`SELECT`;
}
