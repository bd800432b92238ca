import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('read'),
    lastReadSeq: z.int(),
    unreadFromSeq: z.null(),
    unreadCount: z.int(),
    totalUnread: z.int(),
    /** Whose doorbell to ring; null when nothing changed. */
    shard: z.int().nullable(),
  }),
  z.object({ outcome: z.literal('not_found') }),
]);

export type MarkReadOutcome = z.infer<typeof Answer>;

/** Moves a member's read pointer up to `seq`, never back, and takes back their mark as unread (mark-read.sql). */
export async function markRead(
  sql: Sql,
  read: { conversationId: string; userId: string; seq: number },
): Promise<MarkReadOutcome> {
  const rows = await sql`
    SELECT mark_read(${read.conversationId}, ${read.userId}, ${read.seq}) AS answer`;
  return answerOf(Answer, rows);
}
