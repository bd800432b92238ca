import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.enum(['created', 'existing']),
    conversationId: z.string(),
    shard: z.int(),
  }),
  z.object({ outcome: z.literal('unknown_user') }),
]);

export type OpenDirectOutcome = z.infer<typeof Answer>;

/** The direct conversation of two people, made if there is none: one per pair, whoever wins the race. */
export async function openDirect(
  sql: Sql,
  pair: { id: string; userId: string; otherId: string },
): Promise<OpenDirectOutcome> {
  const rows = await sql`SELECT open_direct(${pair.id}, ${pair.userId}, ${pair.otherId}) AS answer`;
  return answerOf(Answer, rows);
}
