import { MessagePage } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

export type MessagesAsked = {
  conversationId: string;
  userId: string;
  /** Messages with a smaller seq, the nearest ones. */
  before?: number | undefined;
  /** Messages with a greater seq, the nearest ones. None of these: the newest. */
  after?: number | undefined;
  /** The message with this seq between its neighbours. */
  around?: number | undefined;
  /** What happened to messages behind this event, in the order of events. */
  changedSince?: number | undefined;
  limit: number;
};

/**
 * A page with the numbers of the same snapshot; null for somebody who is no member. A member sees what
 * was said since they joined.
 */
export async function listMessages(sql: Sql, asked: MessagesAsked): Promise<MessagePage | null> {
  const { conversationId, userId } = asked;
  const rows = await sql`
    WITH view AS (
      SELECT c.id, c.last_seq, c.ev, m.joined_seq, m.joined_ev
      FROM members m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.conversation_id = ${conversationId} AND m.user_id = ${userId} AND m.left_ev IS NULL
    ), page AS (
      SELECT g.* FROM view v, LATERAL (${pageOf(sql, asked)}) g
    )
    SELECT json_build_object(
      'items', (
        SELECT coalesce(json_agg(message_for(p::messages, u, ${userId})
          ORDER BY ${asked.changedSince === undefined ? sql`p.seq` : sql`p.ev`}), '[]')
        FROM page p JOIN users u ON u.id = p.sender_id),
      ${hasMore(sql, asked)},
      'lastSeq', v.last_seq, 'ev', v.ev, 'epoch', current_epoch()
    ) AS answer, receipts_of_others(v.id, ${userId}) AS receipts FROM view v`;
  const page = answerOf(z.union([MessagePage, z.undefined()]), rows);
  return page === undefined ? null : { ...page, ...withReceipts(rows) };
}

/** Where there are so many members that nobody is told of receipts, a page has none either. */
function withReceipts([row]: readonly Record<string, unknown>[]): Pick<MessagePage, 'receipts'> {
  const { receipts } = z
    .object({ receipts: MessagePage.shape.receipts.unwrap().nullable() })
    .parse(row);
  return receipts === null ? {} : { receipts };
}

function pageOf(sql: Sql, { before, after, around, changedSince, limit }: MessagesAsked) {
  const readable = sql`SELECT * FROM messages WHERE conversation_id = v.id AND seq >= v.joined_seq`;
  if (changedSince !== undefined) {
    // Nothing that a member may read happened before they joined: this spares the index all of that.
    return sql`${readable} AND ev > greatest(${changedSince}, v.joined_ev) ORDER BY ev LIMIT ${limit}`;
  }
  if (around !== undefined) {
    const older = Math.ceil((limit - 1) / 2);
    return sql`
      (${readable} AND seq < ${around} ORDER BY seq DESC LIMIT ${older})
      UNION ALL (${readable} AND seq >= ${around} ORDER BY seq LIMIT ${limit - older})`;
  }
  if (after !== undefined) return sql`${readable} AND seq > ${after} ORDER BY seq LIMIT ${limit}`;
  const end = before === undefined ? sql`` : sql`AND seq < ${before}`;
  return sql`${readable} ${end} ORDER BY seq DESC LIMIT ${limit}`;
}

/** Whether there is more on either side, also where the page is empty. */
function hasMore(sql: Sql, { before, after, around, changedSince }: MessagesAsked) {
  if (changedSince !== undefined) {
    return sql`'hasOlder', false, 'hasNewer', EXISTS (
      SELECT FROM messages WHERE conversation_id = v.id AND seq >= v.joined_seq
        AND ev > (SELECT max(ev) FROM page))`;
  }
  return sql`
    'hasOlder', coalesce((SELECT min(seq) FROM page) > v.joined_seq,
      least(${after ?? around ?? 0}, v.last_seq) >= v.joined_seq),
    'hasNewer', coalesce((SELECT max(seq) FROM page) < v.last_seq,
      greatest(${before ?? around ?? Number.MAX_SAFE_INTEGER}, v.joined_seq) <= v.last_seq)`;
}
