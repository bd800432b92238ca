import { parseChannel } from '@rov/realtime';
import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Found = z.array(z.object({ isSettled: z.boolean() }));

/**
 * Whether a user may subscribe to a channel now: their own `chat:*`, and the conversations they are a member of.
 * `not_a_channel` for a name that is none of ours. `not_yet` for somebody who has just come: what was said before is
 * taken out of the channel's history in the order of the messages, and until that is done they could recover it.
 */
export async function whoMayHear(
  sql: Sql,
  asked: { userId: string; channel: string },
): Promise<'allowed' | 'not_yet' | 'refused' | 'not_a_channel'> {
  const channel = parseChannel(asked.channel);
  if (channel === null) return 'not_a_channel';
  if (channel.kind === 'chat') return channel.userId === asked.userId ? 'allowed' : 'refused';
  // The rows of a conversation are delivered in their order: with what told of the coming, the removal before it is
  // done, unless it died itself. Deliveries are kept for seven days. Before who was there from the first, nothing was said.
  const rows = await sql`
    SELECT NOT EXISTS (SELECT FROM dead_letters l
        WHERE l.conversation_id = m.conversation_id AND l.kind = 'history_remove'
          -- Written in front of the coming, by the same call, which has four seconds.
          AND l.closed_by IS NULL
          AND l.created_at BETWEEN m.joined_at - interval '5 seconds' AND m.joined_at)
      AND (joined_ev = 0 OR joined_at < clock_timestamp() - interval '6 days'
      OR EXISTS (SELECT FROM deliveries d
        WHERE d.conversation_id = m.conversation_id AND d.ev = m.joined_ev)
      OR EXISTS (SELECT FROM dead_letters l
        WHERE l.conversation_id = m.conversation_id AND l.ev = m.joined_ev)) AS "isSettled"
    FROM members m
    WHERE conversation_id = ${channel.conversationId} AND user_id = ${asked.userId} AND left_ev IS NULL`;
  const [present] = Found.parse(rows);
  if (!present) return 'refused';
  return present.isSettled ? 'allowed' : 'not_yet';
}
