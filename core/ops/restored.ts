import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { tryAgain } from './try-again.ts';

const Answer = z.object({ before: z.string(), now: z.string() });

/**
 * To be called once after the database was set back to an earlier state: numbers that were given out before are given
 * out again, and only another delivery epoch tells them apart. Events that were committed before keep the old one.
 */
export async function restored(sql: Sql, deed: Deed): Promise<z.infer<typeof Answer>> {
  const rows = await tryAgain(
    () => sql`SELECT begin_epoch(${deedParameter(sql, deed, {})}) AS answer`,
  );
  return answerOf(Answer, rows);
}

/** When the newest event was committed or delivered, as far as anything is known of it; null before the first. */
export async function newestEventAt(sql: Sql): Promise<Date | null> {
  const [row] = await sql`
    SELECT greatest(
      (SELECT max(acknowledged_at) FROM deliveries), (SELECT max(created_at) FROM outbox),
      (SELECT max(last_active_at) FROM conversations)) AS at`;
  return z.date().nullable().parse(row?.['at']);
}
