import * as z from 'zod';

import type { Sql } from '../db/database.ts';
import { matches } from './find-letters.ts';
import type { LetterFilter } from './find-letters.ts';

const Letter = z.object({
  /** Its number in the outbox. */
  id: z.coerce.number().int(),
  shard: z.int(),
  kind: z.string(),
  /** What kind of event; null for a control row, and for one whose payload is no JSON. */
  type: z.string().nullable(),
  conversationId: z.string().nullable(),
  ev: z.coerce.number().int().nullable(),
  subject: z.string().nullable(),
  /** What Centrifugo said, and in which words. */
  code: z.int().nullable(),
  reason: z.string(),
  attempts: z.int(),
  /** How many users of its audience it did not reach; null where it reached nobody. */
  missedUsers: z.int().nullable(),
  createdAt: z.date(),
  diedAt: z.date(),
});
/** A dead letter without its contents. */
export type Letter = z.infer<typeof Letter>;

/** Open dead letters, the longest dead first. */
export async function listLetters(
  sql: Sql,
  { limit, ...filter }: LetterFilter & { limit: number },
): Promise<Letter[]> {
  const rows = await sql`
    SELECT outbox_id AS id, shard, kind, type_of(coalesce(payload, audience_payload)) AS type,
      conversation_id AS "conversationId", ev, subject, code, reason, attempts,
      jsonb_array_length(users) AS "missedUsers", created_at AS "createdAt", died_at AS "diedAt"
    FROM dead_letters WHERE closed_by IS NULL AND ${matches(sql, filter)}
    ORDER BY died_at, outbox_id LIMIT ${limit}`;
  return z.array(Letter).parse(rows);
}
