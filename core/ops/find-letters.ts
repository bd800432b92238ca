import * as z from 'zod';

import type { Sql } from '../db/database.ts';
import { CONVERSATIONS_A_CHUNK, chunksOf } from './chunks.ts';

/** Which dead letters are meant: those to which all of it applies. Times are those of their death. */
export type LetterFilter = {
  /** Their numbers in the outbox. */
  ids?: readonly number[] | undefined;
  conversationId?: string | undefined;
  /** What Centrifugo said. */
  code?: number | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
};

/** The condition on `dead_letters` that a filter comes to. */
export function matches(sql: Sql, filter: LetterFilter) {
  const ids = filter.ids ? sql.json([...filter.ids]) : null;
  const conversationId = filter.conversationId ?? null;
  const code = filter.code ?? null;
  const since = filter.since?.toISOString() ?? null;
  const until = filter.until?.toISOString() ?? null;
  return sql`
    (${ids}::jsonb IS NULL
      OR outbox_id IN (SELECT value::bigint FROM jsonb_array_elements_text(${ids}::jsonb)))
    AND (${conversationId}::uuid IS NULL OR conversation_id = ${conversationId}::uuid)
    AND (${code}::integer IS NULL OR code = ${code}::integer)
    AND (${since}::timestamptz IS NULL OR died_at >= ${since}::timestamptz)
    AND (${until}::timestamptz IS NULL OR died_at < ${until}::timestamptz)`;
}

const Found = z.array(
  z.object({ id: z.coerce.number().int(), lane: z.string(), closed: z.boolean() }),
);

export type FoundLetters = {
  /** The numbers of the open ones, in chunks that concern at most 100 conversations; none is in two of them. */
  chunks: number[][];
  open: number;
  /** Matching ones that somebody has dealt with already. */
  closed: number;
  /** Numbers that were asked for and are of no dead letter. */
  unknown: number[];
};

export async function findLetters(sql: Sql, filter: LetterFilter): Promise<FoundLetters> {
  const rows = await sql`
    SELECT outbox_id AS id, coalesce(conversation_id::text, subject, '') AS lane,
      closed_by IS NOT NULL AS closed
    FROM dead_letters WHERE ${matches(sql, filter)} ORDER BY outbox_id`;
  const found = Found.parse(rows);
  const lanes = new Map<string, number[]>();
  for (const { id, lane, closed } of found) {
    if (closed) continue;
    const letters = lanes.get(lane);
    if (letters) letters.push(id);
    else lanes.set(lane, [id]);
  }
  const known = new Set(found.map(({ id }) => id));
  const chunks = chunksOf([...lanes.values()], CONVERSATIONS_A_CHUNK).map((chunk) => chunk.flat());
  const open = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return {
    chunks,
    open,
    closed: found.length - open,
    unknown: filter.ids?.filter((id) => !known.has(id)) ?? [],
  };
}
