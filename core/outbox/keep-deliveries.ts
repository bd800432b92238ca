import type { Sql } from '../db/database.ts';

/**
 * Makes the partitions of `deliveries` for today and the days ahead, and drops those older than
 * `keepDays`. Days are UTC. A row in the default partition means that this did not run.
 */
export async function keepDeliveries(
  sql: Sql,
  { daysAhead, keepDays }: { daysAhead: number; keepDays: number },
): Promise<void> {
  await sql`SELECT keep_deliveries(${daysAhead}, ${keepDays})`;
}
