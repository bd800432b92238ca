import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('added'), added: z.array(z.string()), shard: z.int() }),
  z.object({ outcome: z.enum(['not_found', 'forbidden', 'direct', 'unknown_user']) }),
]);

export type AddMembersOutcome = z.infer<typeof Answer>;

/** Invites people into a group; whoever is in it already is left as they are and not in `added`. */
export async function addMembers(
  sql: Sql,
  invitation: { conversationId: string; actorId: string; userIds: string[] },
): Promise<AddMembersOutcome> {
  const rows = await sql`
    SELECT add_members(${invitation.conversationId}, ${invitation.actorId},
      ARRAY(SELECT jsonb_array_elements_text(${sql.json(invitation.userIds)})))
      AS answer`;
  return answerOf(Answer, rows);
}
