import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  /** Whose doorbell to ring; null when the mark was there already. */
  z.object({ outcome: z.literal('marked'), shard: z.int().nullable() }),
  z.object({ outcome: z.enum(['not_found', 'nothing_from_there']) }),
]);

export type MarkUnreadOutcome = z.infer<typeof Answer>;

/** Marks a conversation as unread from a message on, for one member alone; null takes the mark back (mark-unread.sql). */
export async function markUnread(
  sql: Sql,
  mark: { conversationId: string; userId: string; fromSeq: number | null },
): Promise<MarkUnreadOutcome> {
  const rows = await sql`
    SELECT mark_unread(${mark.conversationId}, ${mark.userId}, ${mark.fromSeq}) AS answer`;
  return answerOf(Answer, rows);
}
