import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Row = z.object({
  id: z.coerce.number().int(),
  kind: z.enum(['event', 'receipt', 'unsubscribe', 'disconnect', 'history_remove']),
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
  /** An `unsubscribe` of somebody who is back meanwhile, and would be silenced by it: it is over without a word. */
  isOver: z.boolean().optional(),
  createdAt: z.date(),
});

/** One event of the outbox with its audience: who was a member at its number, whenever it is delivered. */
export type OutboxRow = z.infer<typeof Row>;

const Found = Row.extend({
  /** Of the conversation, where the event is for them; only the first such row of a page has them. */
  members: z
    .object({
      /** There at every event of the page. */
      throughout: z.array(z.string()),
      /** Those who came or went meanwhile: user, joined at, left at. */
      passing: z.array(z.tuple([z.string(), z.number(), z.number().nullable()])),
    })
    .nullable(),
  /** How many rows were looked at, and what was not over yet then (`pg_snapshot_xmin`). */
  found: z.coerce.number().int(),
  seen: z.string(),
});

type Members = NonNullable<z.infer<typeof Found>['members']>;

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
    WITH page AS MATERIALIZED (
      SELECT * FROM (
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
      ) o
      WHERE place = 1 OR (bytes <= ${bounds.bytes} AND listeners <= ${bounds.listeners})
    ), span AS (
      SELECT conversation_id, min(id) AS first_id, min(ev) AS first_ev, max(ev) AS last_ev
      FROM page WHERE audience = 'members' AND kind = 'event' GROUP BY conversation_id
    ), heard AS (
      -- Once for all events of a conversation: most of the time nobody comes or goes between them.
      SELECT first_id, (
        SELECT json_build_object(
          'throughout', coalesce(json_agg(user_id) FILTER (WHERE stays), '[]'),
          'passing', coalesce(json_agg(json_build_array(user_id, joined_ev, left_ev))
            FILTER (WHERE NOT stays), '[]'))
        FROM (
          SELECT user_id, joined_ev, left_ev,
            joined_ev <= first_ev AND (left_ev IS NULL OR left_ev > last_ev) AS stays
          FROM members m
          WHERE m.conversation_id = span.conversation_id
            AND joined_ev <= last_ev AND (left_ev IS NULL OR left_ev > first_ev)) m) AS members
      FROM span
    )
    SELECT id, kind, conversation_id AS "conversationId", ev, subject, event_id AS "eventId", epoch,
      payload, audience_payload AS "audiencePayload", created_at AS "createdAt", found,
      pg_snapshot_xmin(pg_current_snapshot())::text AS seen,
      to_json(${audienceByItself(sql)}) AS audience, ${isOver(sql)} AS "isOver", members
    FROM page LEFT JOIN heard ON first_id = id
    ORDER BY id`;
  const rows = withAudiences(z.array(Found).parse(answer));
  const found = rows[0]?.found ?? 0;
  return {
    rows,
    full: found === bounds.rows || found > rows.length,
    seen: rows[0]?.seen ?? null,
  };
}

/**
 * Whom a row is for, where no number says it. A receipt in a direct conversation is for the other one; nobody comes or
 * goes there.
 */
function audienceByItself(sql: Sql) {
  return sql`
    CASE
      WHEN audience = 'subject' THEN ARRAY[subject]
      WHEN audience = 'contacts' THEN ARRAY(
        SELECT c.user_id FROM contacts c JOIN presence p ON p.user_id = c.user_id
        WHERE c.contact_id = page.subject AND hears_of_contacts(p.status, p.chosen))
      WHEN kind = 'receipt' AND audience = 'members' THEN ARRAY(
        SELECT m.user_id FROM members m
        WHERE m.conversation_id = page.conversation_id AND m.left_ev IS NULL
          AND m.user_id <> page.subject)
    END`;
}

/**
 * One that belongs to a removal does its work, so that an old subscription does not hear what is said until its member
 * is back, except where nothing but the message about the removal was: then there is nothing to spare them. One that
 * came later, with no number, is against tokens from before, which a member may have.
 */
function isOver(sql: Sql) {
  return sql`
    CASE WHEN kind = 'unsubscribe' THEN EXISTS (
      SELECT FROM members m
      WHERE m.conversation_id = page.conversation_id AND m.user_id = page.subject
        AND CASE WHEN page.ev IS NULL THEN m.left_ev IS NULL ELSE m.joined_ev = page.ev + 2 END)
    ELSE false END`;
}

/** Gives each event for the members of a conversation those who were there at its number. */
function withAudiences(rows: readonly z.infer<typeof Found>[]): z.infer<typeof Found>[] {
  const membersOf = new Map<string | null, Members>();
  return rows.map((row) => {
    if (row.members) membersOf.set(row.conversationId, row.members);
    // Whoever else it may be for is there already.
    if (row.audiencePayload === null || row.audience !== null || row.ev === null) return row;
    const members = membersOf.get(row.conversationId);
    return members ? { ...row, audience: thereAt(row.ev, members) } : row;
  });
}

function thereAt(ev: number, { throughout, passing }: Members): string[] {
  if (passing.length === 0) return throughout;
  const there = passing.filter(([, joined, left]) => joined <= ev && (left === null || left > ev));
  return [...throughout, ...there.map(([user]) => user)];
}
