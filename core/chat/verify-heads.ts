import { Verified } from '@rov/realtime';
import type { VerifyRequest } from '@rov/realtime';
import type * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** Which of the conversations that a client holds are not as it holds them. */
export async function verifyHeads(
  sql: Sql,
  asked: { userId: string } & z.infer<typeof VerifyRequest>,
): Promise<Verified> {
  const rows = await sql`
    SELECT json_build_object('epoch', e.epoch, 'diverged', (
      SELECT coalesce(json_agg(json_build_object(
        'conversationId', h."conversationId", 'ev', c.ev, 'lastSeq', c.last_seq)), '[]')
      FROM jsonb_to_recordset(${sql.json(asked.heads)}) h (
        "conversationId" uuid, ev bigint, "lastSeq" bigint, "lastReadSeq" bigint, "unreadCount" bigint)
      LEFT JOIN members m ON m.conversation_id = h."conversationId"
        AND m.user_id = ${asked.userId} AND m.left_ev IS NULL
      LEFT JOIN conversations c ON c.id = m.conversation_id
      WHERE c.id IS NULL OR e.epoch <> coalesce(${asked.epoch ?? null}, e.epoch)
        OR (c.ev, c.last_seq) <> (h.ev, h."lastSeq")
        OR m.last_read_seq <> h."lastReadSeq"
        OR unread_count(m, c.last_seq) <> h."unreadCount")
    ) AS answer FROM (SELECT current_epoch() AS epoch OFFSET 0) e`;
  return answerOf(Verified, rows);
}
