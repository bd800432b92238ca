import { randomUUID } from 'node:crypto';

import { MessageEvent, ChatChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function outboxOf(conversationId: string) {
  return sql`
    SELECT id::int, kind, ev::int, payload, audience, audience_payload FROM outbox
    WHERE conversation_id = ${conversationId} ORDER BY id`;
}

async function numbersOf(conversationId: string) {
  const [row] = await sql`
    SELECT last_seq::int AS "lastSeq", ev::int FROM conversations WHERE id = ${conversationId}`;
  return row;
}

describe('sending', () => {
  it('numbers messages and events densely under eight writers, and the outbox has them in that order', async () => {
    const [ann = '', ...others] = await users(sql, 'ann', 'ben', 'cem', 'dan');
    const conversationId = await group(sql, ann, ...others);
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 25; n += 1) {
        const senderId = [ann, ...others][writer % 4]!;
        await say(sql, { conversationId, senderId, content: `${writer}.${n}` });
      }
    });
    await Promise.all(writers);

    const expected = Array.from({ length: 200 }, (_, index) => index + 1);
    const messages = await sql`
      SELECT seq::int, content FROM messages WHERE conversation_id = ${conversationId} ORDER BY seq`;
    expect(messages.map(({ seq }) => seq as number)).toEqual(expected);
    const events = (await outboxOf(conversationId)).slice(1);
    expect(events.map(({ ev }) => ev as number)).toEqual(expected);
    expect(await numbersOf(conversationId)).toEqual({ lastSeq: 200, ev: 200 });

    // Each writer sent one after the other, so their own messages must be in that order.
    for (let writer = 0; writer < 8; writer += 1) {
      const own = messages.flatMap(({ content }) => {
        const [by, n] = String(content).split('.').map(Number);
        return by === writer ? [n] : [];
      });
      expect(own).toEqual(Array.from({ length: 25 }, (_, n) => n));
    }
  });

  it('answers nothing that the sender may not read: for a newcomer it is not there, for those who were there it is', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann, ben);
    const replyToId = randomUUID();
    await say(sql, { conversationId, senderId: ann, id: replyToId });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    const before = await numbersOf(conversationId);
    expect(await say(sql, { conversationId, senderId: cem, replyToId })).toEqual({
      outcome: 'reply_not_found',
    });
    expect(await numbersOf(conversationId)).toEqual(before);
    expect(await say(sql, { conversationId, senderId: ben, replyToId })).toMatchObject({
      outcome: 'created',
      message: { replyToId },
    });
  });

  it('writes two announcements in the shapes of the contract, with one event id and the message that it answers', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    const answer = await say(sql, {
      conversationId,
      senderId: ann,
      content: 'x'.repeat(200),
      metadata: { colour: 'red' },
    });
    const [, row] = await outboxOf(conversationId);
    const event = MessageEvent.parse(JSON.parse(row!['payload']));
    const summary = ChatChannelEvent.parse(JSON.parse(row!['audience_payload']));
    expect(answer).toMatchObject({
      outcome: 'created',
      message: { seq: 1, metadata: { colour: 'red' } },
    });
    expect(event).toMatchObject({
      type: 'message',
      ev: 1,
      message: 'message' in answer && answer.message,
    });
    expect(summary).toMatchObject({
      type: 'new_message',
      eventId: event.eventId,
      seq: 1,
      lastSeq: 1,
      ev: 1,
      preview: 'x'.repeat(140),
    });
    expect(row).toMatchObject({ audience: 'members' });
  });

  it('answers a repeat with the first message for ever, also when both come at once', async () => {
    const [ann = ''] = await users(sql, 'ann');
    const conversationId = await group(sql, ann);
    const again = { conversationId, senderId: ann, clientId: 'the-same', content: 'once' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => say(sql, again)));
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(9);
    const ids = new Set(answers.map((answer) => 'message' in answer && answer.message.id));
    expect(ids.size).toBe(1);
    expect(await numbersOf(conversationId)).toEqual({ lastSeq: 1, ev: 1 });
  });
});
