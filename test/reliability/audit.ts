import type postgres from 'postgres';

import type { AcknowledgedSend } from '../harness/verdict.ts';

/** What the tables say of a run that is over. Empty lists and zeros when all is as promised. */
export type Audit = {
  /** Acknowledged, and no such message in that place. */
  notStored: string[];
  /** Stored more than once. */
  storedTwice: string[];
  /** Numbers that were left out or given twice, of messages (`seq`) and of events (`ev`). */
  holes: string[];
  /** Events that no table knows: neither waiting nor delivered nor dead. */
  vanished: string[];
  /** Events that were settled more than once. */
  settledTwice: string[];
  /** Of the events up to `through`: what is announced again at the end is on its way, and no loss. */
  waiting: number;
  dead: number;
};

/** Asks Postgres itself, with no code of the product in between, and of one moment. */
export async function audit(
  sql: postgres.Sql,
  sends: readonly AcknowledgedSend[],
  { through = Number.MAX_SAFE_INTEGER }: { through?: number } = {},
): Promise<Audit> {
  const conversations = [...new Set(sends.map(({ conversationId }) => conversationId))];
  const [stored, ends, numbered, evs, [rest]] = await sql.begin(
    'isolation level repeatable read read only',
    (moment) => readTables(moment, { conversations, through }),
  );

  const places = new Map<string, number[]>();
  for (const { id, clientId, seq } of stored) {
    const key = `${clientId} in ${id}`;
    places.set(key, [...(places.get(key) ?? []), seq as number]);
  }
  const known = new Map(evs.map(({ id, ev, settled }) => [`${id} ${ev}`, settled as number]));
  return {
    notStored: sends
      .filter(
        (send) => !places.get(`${send.clientId} in ${send.conversationId}`)?.includes(send.seq),
      )
      .map(({ clientId, conversationId, seq }) => `${clientId} at ${seq} in ${conversationId}`),
    storedTwice: [...places].filter(([, seqs]) => seqs.length > 1).map(([key]) => key),
    holes: ends.flatMap(({ id, seq }) => {
      const found = numbered.find((row) => row['id'] === id);
      const dense =
        found?.['count'] === seq && found?.['distinct'] === seq && found?.['max'] === seq;
      return seq === 0 || dense ? [] : [`${id}: ${found?.['count'] ?? 0} messages up to ${seq}`];
    }),
    vanished: ends.flatMap(({ id, ev }) =>
      Array.from({ length: ev as number }, (_, index) => `${id} ${index + 1}`).filter(
        (key) => !known.has(key),
      ),
    ),
    settledTwice: [...known].filter(([, settled]) => settled > 1).map(([key]) => key),
    waiting: rest!['waiting'] as number,
    dead: rest!['dead'] as number,
  };
}

function readTables(
  sql: postgres.TransactionSql,
  { conversations, through }: { conversations: string[]; through: number },
) {
  const ofThem = sql`conversation_id = ANY(${conversations}::uuid[])`;
  return Promise.all([
    sql`SELECT conversation_id AS id, client_id AS "clientId", seq::int FROM messages WHERE ${ofThem}`,
    sql`
      SELECT id, last_seq::int AS seq, ev::int FROM conversations
      WHERE id = ANY(${conversations}::uuid[])`,
    sql`
      SELECT conversation_id AS id, count(*)::int, count(DISTINCT seq)::int AS distinct,
        max(seq)::int FROM messages WHERE ${ofThem} GROUP BY 1`,
    sql`
      SELECT conversation_id AS id, ev::int, count(*) FILTER (WHERE settled)::int AS settled FROM (
        SELECT conversation_id, ev, false AS settled FROM outbox
        UNION ALL SELECT conversation_id, ev, true FROM deliveries
        UNION ALL SELECT conversation_id, ev, true FROM dead_letters
      ) event WHERE ${ofThem} AND ev IS NOT NULL GROUP BY 1, 2`,
    sql`
      SELECT (SELECT count(*) FROM outbox WHERE id <= ${through})::int AS waiting,
        (SELECT count(*) FROM dead_letters)::int AS dead`,
  ]);
}
