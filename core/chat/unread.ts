import { Unread } from '@rov/realtime';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** What a user has not read: in all, and by conversation where it is not zero. */
export async function unread(sql: Sql, userId: string): Promise<Unread> {
  const rows = await sql`
    SELECT json_build_object(
      'total', coalesce(sum(count), 0),
      'byConversation', coalesce(json_object_agg(id, count) FILTER (WHERE count > 0), '{}')
    ) AS answer FROM (
      SELECT c.id, unread_count(m, c.last_seq) AS count
      FROM members m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.user_id = ${userId} AND m.left_ev IS NULL
    ) each`;
  return answerOf(Unread, rows);
}
