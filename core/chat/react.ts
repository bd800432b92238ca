import { Message } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['changed', 'unchanged']), message: Message, shard: z.int() }),
  z.object({
    outcome: z.enum(['not_found', 'system_message', 'message_deleted', 'too_many_emoji']),
  }),
]);

export type React = {
  conversationId: string;
  messageId: string;
  userId: string;
  /** As `oneEmoji` has it. */
  emoji: string;
  /** Chosen, or taken back. */
  added: boolean;
  traceparent?: string | undefined;
};

export type ReactOutcome = z.infer<typeof Answer>;

/** Chooses an emoji for a message, or takes it back; asking for what is so already changes nothing (react.sql). */
export async function react(sql: Sql, reaction: React): Promise<ReactOutcome> {
  const rows = await sql`
    SELECT react(${reaction.conversationId}, ${reaction.messageId}, ${reaction.userId},
      ${reaction.emoji}, ${reaction.added}, ${reaction.traceparent ?? null}) AS answer`;
  return answerOf(Answer, rows);
}
