import { ChatChannelEvent, ConversationChannelEvent } from '@rov/realtime';
import type { Message } from '@rov/realtime';

import type { SendMessage } from '../../../core/chat/send-message.ts';
import type { Sql } from '../../../core/db/database.ts';
import { say } from './people-in-sql.ts';

/** The message of an answer that has one; throws for a refusal. */
export function messageOf(answer: { outcome: string; message?: Message }): Message {
  if (answer.message === undefined) throw new Error(`no message: ${answer.outcome}`);
  return answer.message;
}

/** Says something, and resolves with the stored message. */
export async function said(sql: Sql, what: Parameters<typeof say>[1]): Promise<Message> {
  return messageOf(await say(sql, what));
}

/** Says so many things one after the other. */
export async function saidMany(
  sql: Sql,
  what: Pick<SendMessage, 'conversationId' | 'senderId'> & { count: number },
): Promise<Message[]> {
  const { count, ...from } = what;
  const messages: Message[] = [];
  while (messages.length < count) messages.push(await said(sql, from));
  return messages;
}

export type Told = {
  kind: string;
  ev: number;
  audience: string | null;
  said: ConversationChannelEvent | null;
  told: ChatChannelEvent | null;
};

/** What waits of a conversation behind an event, in order, each announcement parsed with the contract. */
export async function eventsBehind(sql: Sql, conversationId: string, ev: number): Promise<Told[]> {
  const rows = await sql`
    SELECT kind, ev::int, payload, audience, audience_payload FROM outbox
    WHERE conversation_id = ${conversationId} AND ev > ${ev} ORDER BY id`;
  return rows.map((row) => ({
    kind: row['kind'] as string,
    ev: row['ev'] as number,
    audience: row['audience'] as string | null,
    said: row['payload'] ? ConversationChannelEvent.parse(JSON.parse(row['payload'])) : null,
    told: row['audience_payload']
      ? ChatChannelEvent.parse(JSON.parse(row['audience_payload']))
      : null,
  }));
}

/** The number of the last event of a conversation. */
export async function lastEv(sql: Sql, conversationId: string): Promise<number> {
  const [row] = await sql`SELECT ev::int FROM conversations WHERE id = ${conversationId}`;
  return row!['ev'] as number;
}
