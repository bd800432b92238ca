import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { busyConversations } from './busy-conversations.ts';
import { CONVERSATIONS_A_CHUNK, chunksOf } from './chunks.ts';
import type { OnProgress } from './chunks.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { tryAgain } from './try-again.ts';

/** One conversation, from a message on (the last one unless told), or all with an event in a range of time. */
export type ResyncTarget =
  | { conversationId: string; fromSeq?: number | undefined }
  | { since: Date; until?: Date | undefined; waiting?: boolean };

/** Who is told to read again, and from which message on. */
export type PlannedResync = { conversationId: string; members: number; fromSeq: number };

const Planned = z.object({
  conversationId: z.string(),
  members: z.int(),
  fromSeq: z.coerce.number().int(),
});
const Answer = z.object({ conversations: z.int(), shards: z.array(z.int()) });

/** What `resync` would announce now; empty when there is no such conversation. Writes nothing. */
export async function planResync(sql: Sql, target: ResyncTarget): Promise<PlannedResync[]> {
  if (!('conversationId' in target)) {
    const busy = await busyConversations(sql, target);
    return busy.map(({ conversationId, members, fromSeq }) => ({
      conversationId,
      members,
      fromSeq,
    }));
  }
  const rows = await sql`
    SELECT id AS "conversationId", member_count AS members,
      coalesce(${target.fromSeq ?? null}::bigint, last_seq) AS "fromSeq"
    FROM conversations WHERE id = ${target.conversationId}`;
  return z.array(Planned).parse(rows);
}

/**
 * Tells everybody in these conversations to read again, under a new number: the number of conversations. Each chunk is
 * one transaction with its own record. Doing it again does no harm. `ring` gets the shards in which something waits now.
 */
export async function resync(
  sql: Sql,
  what: {
    target: ResyncTarget;
    deed: Deed;
    ring: (shard: number) => void;
    onProgress?: OnProgress | undefined;
  },
): Promise<number> {
  const planned = await planResync(sql, what.target);
  const deed = deedParameter(sql, what.deed, what.target);
  let conversations = 0;
  for (const chunk of chunksOf(planned, CONVERSATIONS_A_CHUNK)) {
    const from = Object.fromEntries(
      chunk.map(({ conversationId, fromSeq }) => [conversationId, fromSeq]),
    );
    const rows = await tryAgain(
      () => sql`SELECT resync_conversations(${deed}, ${sql.json(from)}) AS answer`,
    );
    const answer = answerOf(Answer, rows);
    conversations += answer.conversations;
    for (const shard of answer.shards) what.ring(shard);
    what.onProgress?.(conversations, planned.length);
  }
  return conversations;
}
