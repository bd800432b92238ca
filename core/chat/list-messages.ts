import { MessagePage } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

export type MessagesAsked = {
  conversationId: string;
  userId: string;
  /** Messages with a smaller seq, the nearest ones. */
  before?: number | undefined;
  /** Messages with a greater seq, the nearest ones. Neither: the newest. */
  after?: number | undefined;
  limit: number;
};

/**
 * A page in rising seq, with the numbers of the same snapshot; null for somebody who is no member. A
 * member sees what was said since they joined.
 */
export async function listMessages(sql: Sql, asked: MessagesAsked): Promise<MessagePage | null> {
  const forward = asked.after !== undefined;
  const rows = await sql`
    WITH view AS (
      SELECT c.id, c.last_seq, c.ev, m.joined_seq
      FROM members m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.conversation_id = ${asked.conversationId} AND m.user_id = ${asked.userId}
        AND m.left_ev IS NULL
    ), page AS (
      SELECT g.* FROM view v, LATERAL (
        SELECT * FROM messages
        WHERE conversation_id = v.id AND seq >= v.joined_seq
          AND seq > ${asked.after ?? 0} AND seq < ${asked.before ?? Number.MAX_SAFE_INTEGER}
        ORDER BY ${forward ? sql`seq ASC` : sql`seq DESC`} LIMIT ${asked.limit}
      ) g
    )
    SELECT json_build_object(
      'items', (
        SELECT coalesce(json_agg(message_json(p::messages, u) ORDER BY p.seq), '[]')
        FROM page p JOIN users u ON u.id = p.sender_id),
      'hasOlder', coalesce((SELECT min(seq) FROM page) > v.joined_seq, ${asked.after ?? 0} >= v.joined_seq),
      'hasNewer', coalesce((SELECT max(seq) FROM page) < v.last_seq,
        ${asked.before ?? Number.MAX_SAFE_INTEGER} <= v.last_seq),
      'lastSeq', v.last_seq, 'ev', v.ev, 'epoch', current_epoch()
    ) AS answer FROM view v`;
  return answerOf(z.union([MessagePage, z.undefined()]), rows) ?? null;
}
