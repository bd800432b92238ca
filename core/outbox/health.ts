import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const ShardHealth = z.object({
  shard: z.int(),
  waiting: z.coerce.number().int(),
  oldestMs: z.number(),
  paused: z.boolean(),
  /** Why a fault of configuration holds the shard. */
  held: z.string().nullable(),
  failures: z.int(),
  lastError: z.string().nullable(),
  worker: z.string().nullable(),
  progressedAt: z.date().nullable(),
});
export type ShardHealth = z.infer<typeof ShardHealth>;

export type DeliveryHealth = {
  shards: ShardHealth[];
  waiting: number;
  /** The age of the oldest undelivered event: the health of delivery in one number. */
  oldestMs: number;
  deadLetters: number;
};

/** Counts at most 100,000 waiting rows a shard: past that the exact number helps nobody. */
export async function deliveryHealth(sql: Sql): Promise<DeliveryHealth> {
  const [rows, dead] = await Promise.all([
    sql`
      SELECT s.shard, s.paused, s.held, s.failures, s.last_error AS "lastError", s.worker,
        s.progressed_at AS "progressedAt", w.waiting,
        coalesce((
          SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 * 1000
          FROM outbox WHERE shard = s.shard AND id > s.floor ORDER BY id LIMIT 1), 0) AS "oldestMs"
      FROM shards s, LATERAL (
        SELECT count(*) AS waiting FROM (
          SELECT FROM outbox WHERE shard = s.shard AND id > s.floor LIMIT 100000) o
      ) w
      ORDER BY s.shard`,
    sql`SELECT count(*)::int AS count FROM dead_letters WHERE closed_by IS NULL`,
  ]);
  const shards = z.array(ShardHealth).parse(rows);
  return {
    shards,
    waiting: shards.reduce((sum, { waiting }) => sum + waiting, 0),
    oldestMs: Math.max(0, ...shards.map(({ oldestMs }) => oldestMs)),
    deadLetters: z.int().parse(dead[0]?.['count']),
  };
}
