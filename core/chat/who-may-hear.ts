import { parseChannel } from '@rov/realtime';

import type { Sql } from '../db/database.ts';

/**
 * Whether a user may subscribe to a channel now: their own `chat:*`, and the conversations they are a
 * member of. `not_a_channel` for a name that is none of ours.
 */
export async function whoMayHear(
  sql: Sql,
  asked: { userId: string; channel: string },
): Promise<'allowed' | 'refused' | 'not_a_channel'> {
  const channel = parseChannel(asked.channel);
  if (channel === null) return 'not_a_channel';
  if (channel.kind === 'chat') return channel.userId === asked.userId ? 'allowed' : 'refused';
  const present = await sql`
    SELECT FROM members
    WHERE conversation_id = ${channel.conversationId} AND user_id = ${asked.userId} AND left_ev IS NULL`;
  return present.length > 0 ? 'allowed' : 'refused';
}
