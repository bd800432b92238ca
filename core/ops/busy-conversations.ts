import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Busy = z.object({
  conversationId: z.string(),
  members: z.int(),
  /** The number of its last event. */
  ev: z.coerce.number().int(),
  /** Its first message that was written, or whose event was delivered, in the range. */
  fromSeq: z.coerce.number().int(),
});
export type BusyConversation = z.infer<typeof Busy>;

/**
 * The conversations of which an event was committed or delivered from `since` on and before `until`, by id. With
 * `waiting` those count as well of which something waits to be delivered.
 */
export async function busyConversations(
  sql: Sql,
  range: { since: Date; until?: Date | undefined; waiting?: boolean },
): Promise<BusyConversation[]> {
  const since = range.since.toISOString();
  const until = range.until?.toISOString() ?? null;
  const rows = await sql`
    WITH range AS (
      SELECT ${since}::timestamptz AS since, coalesce(${until}::timestamptz, 'infinity') AS until
    ), heard AS (
      SELECT conversation_id, committed_at AS at FROM deliveries, range
      WHERE acknowledged_at >= since AND (acknowledged_at < until OR committed_at < until)
      UNION ALL
      SELECT conversation_id, created_at FROM outbox, range
      WHERE ${range.waiting ?? false} OR (created_at >= since AND created_at < until)
      UNION ALL
      SELECT conversation_id, created_at FROM dead_letters, range
      WHERE created_at >= since AND created_at < until
      UNION ALL
      -- Also where no delivery is known any more.
      SELECT id, last_active_at FROM conversations, range
      WHERE last_active_at >= since AND last_active_at < until
    ), busy AS (
      SELECT conversation_id, min(at) AS at FROM heard GROUP BY conversation_id
    )
    SELECT c.id AS "conversationId", c.member_count AS members, c.ev,
      greatest(1, least(c.last_seq, CASE
        -- Delivered in the range, but from before: its message was stored just before it.
        WHEN b.at < since THEN coalesce((
          SELECT seq FROM messages
          WHERE conversation_id = c.id AND created_at <= b.at ORDER BY seq DESC LIMIT 1), 0)
        ELSE 1 + coalesce((
          SELECT seq FROM messages
          WHERE conversation_id = c.id AND created_at < since ORDER BY seq DESC LIMIT 1), 0)
      END)) AS "fromSeq"
    FROM range, busy b JOIN conversations c ON c.id = b.conversation_id
    ORDER BY c.id`;
  return z.array(Busy).parse(rows);
}
