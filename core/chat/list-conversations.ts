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
  limit: number;
};

/** A user's conversations with what the list shows of each, the last active first. */
export async function listConversations(
  sql: Sql,
  asked: ConversationsAsked,
): Promise<{ conversation: Conversation; lastActiveAt: string }[]> {
  const behind = asked.cursor;
  const rows = await sql`
    SELECT c.last_active_at::text AS "lastActiveAt", json_build_object(
      'id', c.id, 'kind', c.kind, 'title', c.title, 'image', c.image,
      'lastSeq', c.last_seq, 'ev', c.ev, 'epoch', e.epoch,
      'unreadCount', unread_count(m, c.last_seq), 'lastReadSeq', m.last_read_seq, 'role', m.role,
      'memberCount', (
        SELECT count(*) FROM members o WHERE o.conversation_id = c.id AND o.left_ev IS NULL),
      'members', (
        SELECT coalesce(json_agg(profile_json(u) ORDER BY f.joined_at, u.id), '[]')
        FROM (SELECT user_id, joined_at FROM members o
          WHERE o.conversation_id = c.id AND o.left_ev IS NULL
          ORDER BY joined_at, user_id LIMIT 10) f
        JOIN users u ON u.id = f.user_id),
      'lastMessage', (
        SELECT json_build_object('id', g.id, 'seq', g.seq, 'senderId', g.sender_id,
          'preview', left(g.content, 140), 'createdAt', iso(g.created_at))
        FROM messages g WHERE g.conversation_id = c.id AND g.seq = c.last_seq
          AND g.seq >= m.joined_seq),
      'createdAt', iso(c.created_at)
    ) AS conversation
    FROM members m
    JOIN conversations c ON c.id = m.conversation_id
    CROSS JOIN (SELECT current_epoch() AS epoch OFFSET 0) e
    WHERE m.user_id = ${asked.userId} AND m.left_ev IS NULL
      ${asked.conversationId === undefined ? sql`` : sql`AND c.id = ${asked.conversationId}`}
      ${behind === undefined ? sql`` : sql`AND (c.last_active_at, c.id) < (${behind.lastActiveAt}::text::timestamptz, ${behind.id}::uuid)`}
    ORDER BY c.last_active_at DESC, c.id DESC
    LIMIT ${asked.limit}`;
  return z.array(Row).parse(rows);
}
