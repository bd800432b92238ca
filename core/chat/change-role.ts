import { Member } from '@rov/realtime';
import type { MemberRole } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['changed', 'unchanged']), member: Member, shard: z.int() }),
  z.object({ outcome: z.enum(['not_found', 'forbidden', 'direct', 'last_owner']) }),
]);

export type ChangeRoleOutcome = z.infer<typeof Answer>;

/** Gives a member of a group another role; the one that they have already changes nothing. */
export async function changeRole(
  sql: Sql,
  change: { conversationId: string; actorId: string; userId: string; role: MemberRole },
): Promise<ChangeRoleOutcome> {
  const rows = await sql`
    SELECT change_role(${change.conversationId}, ${change.actorId}, ${change.userId}, ${change.role})
      AS answer`;
  return answerOf(Answer, rows);
}
