import { Conversation } from '@rov/realtime';
import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Row = z.object({ conversation: Conversation, lastActiveAt: z.string() });

export type ConversationsAsked = {
  userId: string;
  /** Only this one. */
  conversationId?: string | undefined;
  /** Behind this one, in falling activity. */
  cursor?: { lastActiveAt: string; id: string } | undefined;
  /** Only those with something unread, or of one kind. */
  filter?: 'unread' | 'direct' | 'group' | undefined;
  limit: number;
};

/** A user's conversations with what the list shows of each, the last active first. */
export async function listConversations(
  sql: Sql,
  asked: ConversationsAsked,
): Promise<{ conversation: Conversation; lastActiveAt: string }[]> {
  const behind = asked.cursor;
  const rows = await sql`
    SELECT c.last_active_at::text AS "lastActiveAt", conversation_json(c, m, e.epoch) AS conversation
    FROM members m
    JOIN conversations c ON c.id = m.conversation_id
    CROSS JOIN (SELECT current_epoch() AS epoch OFFSET 0) e
    WHERE m.user_id = ${asked.userId} AND m.left_ev IS NULL
      ${asked.conversationId === undefined ? sql`` : sql`AND c.id = ${asked.conversationId}`}
      ${filtered(sql, asked.filter)}
      ${behind === undefined ? sql`` : sql`AND (c.last_active_at, c.id) < (${behind.lastActiveAt}::text::timestamptz, ${behind.id}::uuid)`}
    ORDER BY c.last_active_at DESC, c.id DESC
    LIMIT ${asked.limit}`;
  return z.array(Row).parse(rows);
}

function filtered(sql: Sql, filter: ConversationsAsked['filter']) {
  if (filter === undefined) return sql``;
  return filter === 'unread'
    ? sql`AND unread_count(m, c.last_seq) > 0`
    : sql`AND c.kind = ${filter}`;
}
