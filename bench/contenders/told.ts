import { chatChannel, conversationChannel } from '@rov/realtime';
import type { Message } from '@rov/realtime';
import { rawJson } from '@rov/realtime/server';
import type { CentrifugeServerClient, Command } from '@rov/realtime/server';
import type postgres from 'postgres';

import type { Aside } from '../backlog.ts';

/** An event with whom it is for, as a back end passes it on that has nothing to look it up in later. */
export type Told = {
  eventId: string;
  conversationId: string;
  /** JSON text for the conversation's channel, and for the `chat:*` of the audience. */
  event: string | null;
  notice: string | null;
  audience: readonly string[];
};

/** A stored message as an event, made up by whoever stored it. */
export async function toldOf(sql: postgres.Sql, message: Message): Promise<Told> {
  const { id, conversationId, seq, clientId, senderId } = message;
  const members = await sql`
    SELECT user_id AS id FROM members WHERE conversation_id = ${conversationId} AND left_ev IS NULL`;
  const common = { eventId: id, conversationId, ev: seq };
  const notice = { seq, messageId: id, clientId, senderId, preview: message.content.slice(0, 140) };
  return {
    eventId: id,
    conversationId,
    event: JSON.stringify({ ...common, type: 'message', message }),
    notice: JSON.stringify({ ...common, type: 'new_message', ...notice }),
    audience: members.map((member) => String(member['id'])),
  };
}

/** What was set aside, in its order, with everybody's audience written out. */
export async function* waitingTold(sql: postgres.Sql, aside: Aside): AsyncGenerator<Told[]> {
  const rows = sql<Told[]>`
    SELECT event_id AS "eventId", conversation_id AS "conversationId", payload AS event,
      audience_payload AS notice, to_json(ARRAY(
        SELECT user_id FROM members m
        WHERE m.conversation_id = o.conversation_id AND o.audience = 'members')) AS audience
    FROM ${sql(aside)} o ORDER BY id`;
  for await (const page of rows.cursor(1_000)) yield page;
}

/** Both announcements, to be sent together. */
export function commandsOf({ eventId, conversationId, event, notice, audience }: Told): Command[] {
  const common = { idempotencyKey: eventId };
  return [
    ...(event === null
      ? []
      : [
          {
            ...{ ...common, method: 'publish' as const },
            channel: conversationChannel(conversationId),
            data: rawJson(event),
          },
        ]),
    ...(notice === null
      ? []
      : [
          {
            ...{ ...common, method: 'broadcast' as const },
            channels: audience.map(chatChannel),
            data: rawJson(notice),
          },
        ]),
  ];
}

/**
 * What a back end without an outbox does for each message: tell the conversation, then the `chat:*` of its members, by
 * two requests. It waits for both; nothing happens when one fails.
 */
export async function publishAtOnce(centrifugo: CentrifugeServerClient, told: Told): Promise<void> {
  const { conversationId, event, notice, audience } = told;
  if (event !== null) {
    await centrifugo.publish({
      channel: conversationChannel(conversationId),
      data: rawJson(event),
    });
  }
  if (notice !== null) {
    await centrifugo.broadcast({ channels: audience.map(chatChannel), data: rawJson(notice) });
  }
}
