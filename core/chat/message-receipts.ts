import { MessageReceipts } from '@rov/realtime';
import type * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

export type ReceiptsAsked = {
  conversationId: string;
  messageId: string;
  userId: string;
  /** Behind this user id. */
  cursor?: string | undefined;
  limit: number;
};

const Answer = MessageReceipts.omit({ nextCursor: true }).nullable();

/**
 * Who has read a message and who has it, in numbers and by user id: of those who are in the conversation now and were
 * before the message came, all but its sender. Null where the asking one may not read it. In a group of any size this is
 * one look at its members, and only for whoever asks.
 */
export async function messageReceipts(
  sql: Sql,
  asked: ReceiptsAsked,
): Promise<z.infer<typeof Answer>> {
  const { conversationId, messageId, userId, cursor = '', limit } = asked;
  const rows = await sql`
    WITH message AS (
      SELECT g.seq, g.sender_id
      FROM messages g JOIN members m ON m.conversation_id = g.conversation_id
        AND m.user_id = ${userId} AND m.left_ev IS NULL AND m.joined_seq <= g.seq
      WHERE g.id = ${messageId} AND g.conversation_id = ${conversationId}
    ), audience AS MATERIALIZED (
      SELECT m.user_id, CASE
        WHEN m.last_read_seq >= g.seq THEN 'read'
        WHEN delivered_seq(m) >= g.seq THEN 'delivered'
        ELSE 'sent' END AS state
      FROM message g JOIN members m ON m.conversation_id = ${conversationId}
        AND m.left_ev IS NULL AND m.joined_seq <= g.seq AND m.user_id <> g.sender_id
    )
    SELECT json_build_object(
      'readCount', (SELECT count(*) FROM audience WHERE state = 'read'),
      'deliveredCount', (SELECT count(*) FROM audience WHERE state <> 'sent'),
      'items', (
        SELECT coalesce(json_agg(json_build_object('profile', profile_json(u), 'state', a.state)
          ORDER BY a.user_id), '[]')
        FROM (SELECT * FROM audience WHERE user_id > ${cursor} ORDER BY user_id LIMIT ${limit}) a
        JOIN users u ON u.id = a.user_id)
    ) AS answer FROM message`;
  return answerOf(Answer, rows.length === 0 ? [{ answer: null }] : rows);
}
