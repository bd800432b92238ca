import { Message } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['created', 'replayed']), message: Message, shard: z.int() }),
  z.object({ outcome: z.enum(['not_found', 'client_id_reused', 'reply_not_found']) }),
]);

export type SendMessage = {
  conversationId: string;
  senderId: string;
  /** The sender's own id of this message: a repeat answers the first one, for ever. */
  clientId: string;
  id: string;
  type: 'text' | 'custom';
  content: string;
  metadata?: Record<string, z.core.util.JSONType> | undefined;
  replyToId?: string | undefined;
  traceparent?: string | undefined;
};

export type SendOutcome = z.infer<typeof Answer>;

/** Stores a message together with its event, in one call that is one transaction (send-message.sql). */
export async function sendMessage(sql: Sql, send: SendMessage): Promise<SendOutcome> {
  const rows = await sql`
    SELECT send_message(${send.conversationId}, ${send.senderId}, ${send.clientId}, ${send.id},
      ${send.type}, ${send.content}, ${send.metadata === undefined ? null : sql.json(send.metadata)},
      ${send.replyToId ?? null}, ${send.traceparent ?? null}) AS answer`;
  return answerOf(Answer, rows);
}
