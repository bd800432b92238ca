import * as z from 'zod';

import type { Transaction } from '../db/database.ts';
import { DRAIN_LOCK } from './drain-lock.ts';

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

/** One event of the outbox with its audience as it is now. */
export type OutboxRow = z.infer<typeof Row>;

const Shard = z.object({
  locked: z.boolean(),
  paused: z.boolean(),
});

export type Page =
  | { state: 'busy' }
  | { state: 'paused' }
  | { state: 'claimed'; rows: OutboxRow[]; full: boolean };

export type PageBounds = { rows: number; bytes: number };

/**
 * Takes the shard's lock for the rest of the transaction and reads its oldest rows. Two statements of one
 * round trip: in one, the snapshot would be older than the lock and would show settled rows again.
 */
export async function claimPage(tx: Transaction, shard: number, bounds: PageBounds): Promise<Page> {
  // The order in which they are called is the order in which they are sent.
  const [home, rows] = await Promise.all([lockShard(tx, shard), readPage(tx, shard, bounds)]);
  if (!home.locked) return { state: 'busy' };
  if (home.paused) return { state: 'paused' };
  const bytes = rows.reduce(
    (sum, row) => sum + bytesOf(row.payload) + bytesOf(row.audiencePayload),
    0,
  );
  return {
    state: 'claimed',
    rows,
    full: rows.length === bounds.rows || bytes > bounds.bytes / 2,
  };
}

async function lockShard(tx: Transaction, shard: number): Promise<z.infer<typeof Shard>> {
  const [shardRow] = await tx`
    SELECT pg_try_advisory_xact_lock(${DRAIN_LOCK}, ${shard}) AS locked, paused,
      set_config('idle_in_transaction_session_timeout', '4s', true),
      set_config('statement_timeout', '3s', true),
      set_config('synchronous_commit', 'off', true)
    FROM shards WHERE shard = ${shard}`;
  return Shard.parse(shardRow);
}

/** The oldest rows of a shard, cut at the bounds; at least one where any waits. */
export async function readPage(
  tx: Transaction,
  shard: number,
  bounds: PageBounds,
): Promise<OutboxRow[]> {
  const rows = await tx`
    SELECT id, kind, conversation_id AS "conversationId", ev, subject, event_id AS "eventId", epoch,
      payload, audience_payload AS "audiencePayload", created_at AS "createdAt",
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
      SELECT *, row_number() OVER oldest AS place,
        sum(coalesce(octet_length(payload), 0) + coalesce(octet_length(audience_payload), 0))
          OVER oldest AS bytes
      FROM (SELECT * FROM outbox WHERE shard = ${shard} ORDER BY id LIMIT ${bounds.rows}) o
      WINDOW oldest AS (ORDER BY id)
    ) page
    WHERE place = 1 OR bytes <= ${bounds.bytes}
    ORDER BY id`;
  return z.array(Row).parse(rows);
}

/** As Postgres counts them, which cut the page. */
function bytesOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}
