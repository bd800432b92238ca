import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Row = z.object({
  id: z.coerce.number().int(),
  shard: z.int(),
  kind: z.string(),
  conversationId: z.string().nullable(),
  ev: z.coerce.number().int().nullable(),
  subject: z.string().nullable(),
  eventId: z.string(),
  epoch: z.string(),
  audience: z.string().nullable(),
  traceparent: z.string().nullable(),
  code: z.int().nullable(),
  reason: z.string(),
  attempts: z.int(),
  /** The users of the audience whom alone it did not reach; null for one that reached nobody. */
  users: z.array(z.string()).nullable(),
  createdAt: z.date(),
  diedAt: z.date(),
  /** Which action of which operator closed it; null while it is open. */
  closedBy: z
    .object({ action: z.int(), what: z.string(), operator: z.string(), reason: z.string() })
    .nullable(),
  payload: z.string().nullable(),
  audiencePayload: z.string().nullable(),
});

/** What may be told of an announcement to somebody who must not read along: numbers and ids, no words of people. */
const TELLING = new Set([
  ...['type', 'at', 'ev', 'seq', 'fromSeq', 'lastSeq', 'lastReadSeq', 'unreadCount', 'revision'],
  ...['id', 'conversationId', 'messageId', 'senderId', 'userId', 'byUserId', 'replyToId'],
  ...['role', 'status', 'version', 'lastSeenAt', 'createdAt'],
]);

type Json = z.core.util.JSONType;
type Announcement = { bytes: number; said: Json };

export type ShownLetter = Omit<z.infer<typeof Row>, 'payload' | 'audiencePayload'> & {
  /** What it would have said to its conversation, and to the users of its audience; without words, null if unreadable. */
  payload: Announcement | null;
  audiencePayload: Announcement | null;
};

/** One dead letter, open or closed; what people wrote only with `contents`. Null when there is none of that number. */
export async function showLetter(
  sql: Sql,
  asked: { id: number; contents: boolean },
): Promise<ShownLetter | null> {
  const rows = await sql`
    SELECT outbox_id AS id, shard, kind, conversation_id AS "conversationId", ev, subject,
      event_id AS "eventId", epoch, audience, traceparent, code, d.reason, attempts, users,
      created_at AS "createdAt", died_at AS "diedAt", payload, audience_payload AS "audiencePayload",
      CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('action', a.id, 'what', a.action,
        'operator', a.operator, 'reason', a.reason) END AS "closedBy"
    FROM dead_letters d LEFT JOIN operator_actions a ON a.id = d.closed_by
    WHERE outbox_id = ${asked.id}`;
  if (rows.length === 0) return null;
  const row = Row.parse(rows[0]);
  const announcement = (text: string | null): Announcement | null => {
    if (text === null) return null;
    const said = parsed(text);
    return {
      bytes: Buffer.byteLength(text),
      said: asked.contents ? said : withoutWords(said),
    };
  };
  return {
    ...row,
    payload: announcement(row.payload),
    audiencePayload: announcement(row.audiencePayload),
  };
}

/** What killed a letter may be that its payload is no JSON: then it is shown as the text that it is. */
function parsed(text: string): Json {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
}

function withoutWords(said: Json): Json {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return null;
  const told = Object.entries(said).flatMap(([key, value]): [string, Json][] => {
    if (key === 'message') return [[key, withoutWords(value)]];
    return TELLING.has(key) && typeof value !== 'object' ? [[key, value]] : [];
  });
  return Object.fromEntries(told);
}
