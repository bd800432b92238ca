import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Rows = z.array(z.object({ members: z.int() }));

/** How many are in a conversation now; null for somebody who is not. */
export async function countMembers(
  sql: Sql,
  asked: { conversationId: string; userId: string },
): Promise<number | null> {
  const rows = await sql`
    SELECT c.member_count AS members FROM members m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.conversation_id = ${asked.conversationId} AND m.user_id = ${asked.userId}
      AND m.left_ev IS NULL`;
  return Rows.parse(rows)[0]?.members ?? null;
}
