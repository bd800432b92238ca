import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Waiting = z.array(z.object({ shard: z.int(), oldestMs: z.number() }));

/** The shards whose oldest row has waited longer than that and that nobody paused, the oldest first. */
export async function waitingShards(
  sql: Sql,
  olderThanMs: number,
): Promise<z.infer<typeof Waiting>> {
  const rows = await sql`
    SELECT s.shard, o.ms AS "oldestMs"
    FROM shards s, LATERAL (
      SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 * 1000 AS ms
      FROM outbox WHERE shard = s.shard AND id > s.floor ORDER BY id LIMIT 1
    ) o
    WHERE NOT s.paused AND o.ms > ${olderThanMs}
    ORDER BY o.ms DESC`;
  return Waiting.parse(rows);
}

const Backlog = z.object({ waiting: z.coerce.number().int(), oldestMs: z.number() });

/** What waits in one shard, counted up to 10,000 rows. */
export async function shardBacklog(sql: Sql, shard: number): Promise<z.infer<typeof Backlog>> {
  const rows = await sql`
    SELECT count(*) AS waiting,
      coalesce(extract(epoch FROM clock_timestamp() - min(created_at))::float8 * 1000, 0) AS "oldestMs"
    FROM (
      SELECT created_at FROM outbox
      WHERE shard = ${shard} AND id > (SELECT floor FROM shards WHERE shard = ${shard}) ORDER BY id LIMIT 10000
    ) o`;
  return Backlog.parse(rows[0]);
}
