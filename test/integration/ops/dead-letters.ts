import type postgres from 'postgres';

/**
 * Lets what waits for this conversation or user die, as if Centrifugo had refused it: the numbers of the letters, in
 * their order. `only` are the places of those that die, from 0; the others are delivered.
 */
export async function bury(
  sql: postgres.Sql,
  { of, code = 107, only }: { of: string; code?: number; only?: number[] },
): Promise<number[]> {
  const rows = await sql`
    SELECT id FROM outbox WHERE conversation_id::text = ${of} OR subject = ${of} ORDER BY id`;
  const ids = rows.map(({ id }) => Number(id));
  const dying = ids.filter((_, place) => only === undefined || only.includes(place));
  await sql`
    WITH gone AS (DELETE FROM outbox WHERE id = ANY(${dying}) RETURNING *)
    INSERT INTO dead_letters (outbox_id, shard, kind, conversation_id, ev, subject, event_id, epoch,
      payload, audience, audience_payload, traceparent, created_at, code, reason, attempts)
    SELECT id, shard, kind, conversation_id, ev, subject, event_id, epoch, payload, audience,
      audience_payload, traceparent, created_at, ${code}, ${`${code}: refused`}, 1
    FROM gone`;
  await deliver(sql, of);
  return dying;
}

/** Lets what waits for this conversation or user be delivered, without anybody who hears it. */
export async function deliver(sql: postgres.Sql, of: string): Promise<void> {
  await sql`
    WITH gone AS (
      DELETE FROM outbox WHERE conversation_id::text = ${of} OR subject = ${of} RETURNING *
    )
    INSERT INTO deliveries (event_id, shard, conversation_id, ev, subject, stream_offset, stream_epoch,
      attempts, worker, committed_at)
    SELECT event_id, shard, conversation_id, ev, subject, CASE WHEN payload IS NOT NULL THEN ev END,
      CASE WHEN payload IS NOT NULL THEN 'stream' END, 1, 'test', created_at
    FROM gone ORDER BY id`;
}

export type Waiting = {
  kind: string;
  ev: number | null;
  subject: string | null;
  audience: string | null;
  eventId: string;
  /** What is said to the conversation, and told to the audience. */
  said: Record<string, unknown> | null;
  told: Record<string, unknown> | null;
};

/** What waits for this conversation or user, in its order. */
export async function waitingFor(sql: postgres.Sql, of: string): Promise<Waiting[]> {
  const rows = await sql`
    SELECT kind, ev::int, subject, audience, event_id AS "eventId", payload::jsonb AS said,
      audience_payload::jsonb AS told
    FROM outbox WHERE conversation_id::text = ${of} OR subject = ${of} ORDER BY id`;
  return rows as unknown as Waiting[];
}
