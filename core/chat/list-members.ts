import { Member } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

export type MembersAsked = {
  conversationId: string;
  userId: string;
  /** Behind this user id. */
  cursor?: string | undefined;
  limit: number;
};

/** Who is in a conversation, by user id; null for somebody who is not. */
export async function listMembers(sql: Sql, asked: MembersAsked): Promise<Member[] | null> {
  const rows = await sql`
    SELECT CASE WHEN EXISTS (
      SELECT FROM members WHERE conversation_id = ${asked.conversationId}
        AND user_id = ${asked.userId} AND left_ev IS NULL
    ) THEN (
      SELECT coalesce(json_agg(member_json(m::members, u) ORDER BY m.user_id), '[]')
      FROM (SELECT * FROM members
        WHERE conversation_id = ${asked.conversationId} AND left_ev IS NULL
          AND user_id > ${asked.cursor ?? ''}
        ORDER BY user_id LIMIT ${asked.limit}) m
      JOIN users u ON u.id = m.user_id
    ) END AS answer`;
  return answerOf(z.array(Member).nullable(), rows);
}
