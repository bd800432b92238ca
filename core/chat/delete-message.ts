import { Message } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['deleted', 'unchanged']), message: Message, shard: z.int() }),
  z.object({
    outcome: z.enum(['not_found', 'system_message', 'role_required', 'revision_mismatch']),
  }),
]);

export type DeleteMessage = {
  conversationId: string;
  messageId: string;
  actorId: string;
  /** The revision that the actor saw; whatever it is when none is named. */
  revision?: number | undefined;
  traceparent?: string | undefined;
};

export type DeleteOutcome = z.infer<typeof Answer>;

/** Makes a tombstone of a message; deleting it again answers the tombstone (delete-message.sql). */
export async function deleteMessage(sql: Sql, deletion: DeleteMessage): Promise<DeleteOutcome> {
  const rows = await sql`
    SELECT delete_message(${deletion.conversationId}, ${deletion.messageId}, ${deletion.actorId},
      ${deletion.revision ?? null}, ${deletion.traceparent ?? null}) AS answer`;
  return answerOf(Answer, rows);
}
