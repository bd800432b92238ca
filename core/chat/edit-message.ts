import { Message } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['edited', 'unchanged']), message: Message, shard: z.int() }),
  z.object({
    outcome: z.enum([
      'not_found',
      'system_message',
      'not_the_sender',
      'message_deleted',
      'revision_mismatch',
    ]),
  }),
]);

export type EditMessage = {
  conversationId: string;
  messageId: string;
  editorId: string;
  /** The revision that the editor saw. */
  revision: number;
  content: string;
  traceparent?: string | undefined;
};

export type EditOutcome = z.infer<typeof Answer>;

/** Gives a message other words; a repeat of the same edit changes nothing (edit-message.sql). */
export async function editMessage(sql: Sql, edit: EditMessage): Promise<EditOutcome> {
  const rows = await sql`
    SELECT edit_message(${edit.conversationId}, ${edit.messageId}, ${edit.editorId},
      ${edit.revision}, ${edit.content}, ${edit.traceparent ?? null}) AS answer`;
  return answerOf(Answer, rows);
}
