import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.enum(['created', 'replayed']),
    conversationId: z.string(),
    shard: z.int(),
  }),
  z.object({ outcome: z.enum(['client_id_reused', 'unknown_user']) }),
]);

export type CreateGroup = {
  id: string;
  founderId: string;
  clientId: string;
  title: string;
  memberIds: string[];
};

export type CreateGroupOutcome = z.infer<typeof Answer>;

/** A group whose founder is its owner. The same `clientId` answers the same group. */
export async function createGroup(sql: Sql, group: CreateGroup): Promise<CreateGroupOutcome> {
  const rows = await sql`
    SELECT create_group(${group.id}, ${group.founderId}, ${group.clientId}, ${group.title},
      ARRAY(SELECT jsonb_array_elements_text(${sql.json(group.memberIds)}))) AS answer`;
  return answerOf(Answer, rows);
}
