import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Standing = z.object({ members: z.int(), isInvisible: z.boolean() });

/** How many are in a conversation with somebody, themselves included, and whether these want to be unseen; null for who is not in it. */
export async function standingIn(
  sql: Sql,
  asked: { conversationId: string; userId: string },
): Promise<z.infer<typeof Standing> | null> {
  const rows = await sql`
    SELECT c.member_count AS members, coalesce(p.chosen = 'invisible', false) AS "isInvisible"
    FROM members m
    JOIN conversations c ON c.id = m.conversation_id
    LEFT JOIN presence p ON p.user_id = m.user_id
    WHERE m.conversation_id = ${asked.conversationId} AND m.user_id = ${asked.userId}
      AND m.left_ev IS NULL`;
  return z.array(Standing).parse(rows)[0] ?? null;
}
