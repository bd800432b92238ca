import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Row = z.object({
  id: z.coerce.number().int(),
  kind: z.enum(['event', 'unsubscribe']),
  conversationId: z.string().nullable(),
  ev: z.coerce.number().int().nullable(),
  subject: z.string().nullable(),
  eventId: z.string(),
  epoch: z.string(),
  /** JSON text, put into the request as it is. */
  payload: z.string().nullable(),
  audiencePayload: z.string().nullable(),
  /** The users whose `chat:*` hears `audiencePayload`; null where there is none. */
  audience: z.array(z.string()).nullable(),
  createdAt: z.date(),
});

/** One event of the outbox with its audience: who was a member at its number, whenever it is delivered. */
export type OutboxRow = z.infer<typeof Row>;

const Found = Row.extend({
  /** How many rows were looked at, and what was not over yet then (`pg_snapshot_xmin`). */
  found: z.coerce.number().int(),
  seen: z.string(),
});

export type PageBounds = {
  rows: number;
  /** Of all payloads together. One row is always there, however large. */
  bytes: number;
  /** Of all audiences together, as large as their conversations are now. */
  listeners: number;
};

export type Page = {
  rows: OutboxRow[];
  /** Whether more may be waiting. */
  full: boolean;
  /** The oldest transaction that was not over when the rows were read; null for a page without any. */
  seen: string | null;
};

/** What is kept in order: a conversation, and a user's presence. */
export function laneOf(row: Pick<OutboxRow, 'conversationId' | 'subject'>): string {
  return row.conversationId ?? `user ${row.subject}`;
}

/**
 * The oldest rows of a shard, cut at the bounds; of the lanes that are passed over, none. To be sent behind the
 * statement that takes the shard: in one statement with it the snapshot would be older than the lock and would show
 * settled rows again.
 */
export async function readPage(
  sql: Sql,
  { shard, bounds, passOver = [] }: { shard: number; bounds: PageBounds; passOver?: string[] },
): Promise<Page> {
  const answer = await sql`
    SELECT id, kind, conversation_id AS "conversationId", ev, subject, event_id AS "eventId", epoch,
      payload, audience_payload AS "audiencePayload", created_at AS "createdAt", found,
      pg_snapshot_xmin(pg_current_snapshot())::text AS seen,
      to_json(CASE audience
        WHEN 'subject' THEN ARRAY[subject]
        WHEN 'members' THEN ARRAY(
          SELECT user_id FROM members m
          WHERE m.conversation_id = page.conversation_id
            AND m.joined_ev <= page.ev AND (m.left_ev IS NULL OR m.left_ev > page.ev))
        WHEN 'contacts' THEN ARRAY(
          SELECT c.user_id FROM contacts c JOIN presence p ON p.user_id = c.user_id
          WHERE c.contact_id = page.subject AND p.status <> 'offline')
      END) AS audience
    FROM (
      SELECT o.*, row_number() OVER oldest AS place, count(*) OVER () AS found,
        sum(coalesce(octet_length(payload), 0) + coalesce(octet_length(audience_payload), 0))
          OVER oldest AS bytes,
        sum(CASE WHEN audience = 'members' THEN c.member_count ELSE 1 END) OVER oldest AS listeners
      FROM (
        SELECT * FROM outbox
        WHERE shard = ${shard} AND id > (SELECT floor FROM shards WHERE shard = ${shard})
          AND coalesce(conversation_id::text, 'user ' || subject) <> ALL (
            ARRAY(SELECT jsonb_array_elements_text(${sql.json(passOver)})))
        ORDER BY id LIMIT ${bounds.rows}
      ) o LEFT JOIN conversations c ON c.id = o.conversation_id
      WINDOW oldest AS (ORDER BY o.id)
    ) page
    WHERE place = 1 OR (bytes <= ${bounds.bytes} AND listeners <= ${bounds.listeners})
    ORDER BY id`;
  const rows = z.array(Found).parse(answer);
  const found = rows[0]?.found ?? 0;
  return {
    rows,
    full: found === bounds.rows || found > rows.length,
    seen: rows[0]?.seen ?? null,
  };
}
