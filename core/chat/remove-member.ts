import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('removed'), shard: z.int() }),
  z.object({ outcome: z.enum(['not_found', 'forbidden', 'direct', 'last_owner']) }),
]);

export type RemoveMemberOutcome = z.infer<typeof Answer>;

/** Leaving, when actor and user are the same, or removing somebody. */
export async function removeMember(
  sql: Sql,
  removal: { conversationId: string; actorId: string; userId: string },
): Promise<RemoveMemberOutcome> {
  const rows = await sql`
    SELECT remove_member(${removal.conversationId}, ${removal.actorId}, ${removal.userId}) AS answer`;
  return answerOf(Answer, rows);
}
