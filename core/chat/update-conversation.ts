import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['updated', 'unchanged']), shard: z.int() }),
  z.object({ outcome: z.enum(['not_found', 'forbidden', 'direct']) }),
]);

export type UpdateConversation = {
  conversationId: string;
  actorId: string;
  /** Absent: as it was. */
  title?: string | undefined;
  /** null: none. */
  image?: string | null | undefined;
};

export type UpdateConversationOutcome = z.infer<typeof Answer>;

/** Gives a group another title or picture; the same ones change nothing. */
export async function updateConversation(
  sql: Sql,
  { conversationId, actorId, title, image }: UpdateConversation,
): Promise<UpdateConversationOutcome> {
  const change = { ...(title !== undefined && { title }), ...(image !== undefined && { image }) };
  const rows = await sql`
    SELECT update_conversation(${conversationId}, ${actorId}, ${sql.json(change)}) AS answer`;
  return answerOf(Answer, rows);
}
