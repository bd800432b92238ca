import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Action = z.object({
  id: z.coerce.number().int(),
  at: z.date(),
  operator: z.string(),
  action: z.string(),
  reason: z.string(),
  /** What it was done to, as it was asked for. */
  target: z.record(z.string(), z.json()),
  /** What came of it, in numbers. */
  outcome: z.record(z.string(), z.json()).nullable(),
});
export type Action = z.infer<typeof Action>;

/** What operators did, the latest first. */
export async function listActions(sql: Sql, { limit }: { limit: number }): Promise<Action[]> {
  const rows = await sql`
    SELECT id, at, operator, action, reason, target, outcome
    FROM operator_actions ORDER BY id DESC LIMIT ${limit}`;
  return z.array(Action).parse(rows);
}
