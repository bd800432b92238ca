import { randomUUID } from 'node:crypto';

import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { audit, isSound } from '../../../core/ops/audit.ts';
import { redrive } from '../../../core/ops/redrive.ts';
import { resync } from '../../../core/ops/resync.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { lastEv } from '../chat/messages-in-sql.ts';
import { say, users } from '../chat/people-in-sql.ts';
import { bury, deliver } from './dead-letters.ts';
import { found, talk } from './talk.ts';
import type { Talk } from './talk.ts';

const { sql } = await databaseForFile();
const deed = { operator: 'olga', reason: 'a test' };
const ring = (): void => undefined;

const foundIn = async (id: string) => found(await audit(sql, { conversationId: id }));

/** Something of every kind happens to what was said, with a word in between; the numbers of these events. */
async function changeAll(sql: postgres.Sql, { ann, ben, id }: Talk): Promise<number[]> {
  const before = await lastEv(sql, id);
  const rows = await sql`SELECT id FROM messages WHERE conversation_id = ${id} ORDER BY seq`;
  const [first, second, third] = rows.map((row) => ({
    conversationId: id,
    messageId: row['id'] as string,
  }));
  await editMessage(sql, { ...first!, editorId: ann, revision: 1, content: 'other words' });
  await react(sql, { ...second!, userId: ben, emoji: '👍', added: true });
  await deleteMessage(sql, { ...third!, actorId: ann });
  await say(sql, { conversationId: id, senderId: ben });
  await react(sql, { ...second!, userId: ben, emoji: '👍', added: false });
  return Array.from({ length: 5 }, (_, n) => before + 1 + n);
}

describe('an audit', () => {
  it('accounts for everything that is waiting, delivered, dead and closed, whoever came, went or was told again', async () => {
    const { ann, ben, id } = await talk(sql, 3);
    const [cem = ''] = await users(sql, 'cem');
    await addMembers(sql, { conversationId: id, actorId: ann, userIds: [cem] });
    await removeMember(sql, { conversationId: id, actorId: ann, userId: ben });
    await deliver(sql, id);
    await say(sql, { conversationId: id, senderId: ann });
    await bury(sql, { of: id });
    await say(sql, { conversationId: id, senderId: cem });
    await redrive(sql, { filter: { ids: await bury(sql, { of: id }) }, deed, ring });
    await removeMember(sql, { conversationId: id, actorId: ann, userId: cem });
    const control = await bury(sql, { of: id, only: [1] });
    await redrive(sql, { filter: { ids: control }, deed, ring });
    await addMembers(sql, { conversationId: id, actorId: ann, userIds: [ben] });
    await resync(sql, { target: { conversationId: id }, deed, ring });

    const report = await audit(sql, { conversationId: id });
    expect(isSound(report)).toBe(true);
    // 0 is the creation, 8 the message that nobody redrove, 13 to 15 the join with its message and the resync that wait; a
    // redriven control row and the removal of the history wait as well, and have no number.
    expect(found(report)).toEqual({ waiting: [13, 14, 15], dead: [8] });
    expect(report).toMatchObject({ conversations: 1, events: 16, messages: 9, closed: 2 });
    expect(Date.parse(report.judgedSince!)).toBeLessThanOrEqual(Date.now());
  });

  it('writes nothing, and waits for no writer', async () => {
    const { id } = await talk(sql, 2);
    const before = await everythingStored(sql);
    await holdConversation({ sql, id }, async () => {
      expect(await foundIn(id)).toEqual({});
    });
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('finds an event that no table knows', async () => {
    const { id } = await talk(sql, 4);
    await sql`DELETE FROM deliveries WHERE conversation_id = ${id} AND ev = 2`;
    // The message was stored before it, and the next event is that of the next message.
    expect(await foundIn(id)).toEqual({ lost: [2], unannounced: [2] });
  });

  it('finds that an outbox row was deleted, also the last one', async () => {
    const { ann, id } = await talk(sql, 2);
    await say(sql, { conversationId: id, senderId: ann });
    expect(await foundIn(id)).toEqual({ waiting: [3] });
    await sql`DELETE FROM outbox WHERE conversation_id = ${id}`;
    expect(await foundIn(id)).toEqual({ lost: [3], unannounced: [3] });
  });

  it('finds that a dead letter was deleted', async () => {
    const { ann, id } = await talk(sql, 1);
    await say(sql, { conversationId: id, senderId: ann });
    await bury(sql, { of: id });
    await sql`DELETE FROM dead_letters WHERE conversation_id = ${id}`;
    expect(await foundIn(id)).toMatchObject({ lost: [2] });
  });

  it.each([
    ['what tells the newcomer', 1],
    ['what ends the subscription', 3],
  ])('finds that one of several rows of an event is missing: %s', async (_, ev) => {
    const { ann, ben, id } = await talk(sql, 0);
    const [cem = ''] = await users(sql, 'cem');
    await addMembers(sql, { conversationId: id, actorId: ann, userIds: [cem] });
    await removeMember(sql, { conversationId: id, actorId: ann, userId: ben });
    await deliver(sql, id);
    expect(await foundIn(id)).toEqual({});
    await sql`
      DELETE FROM deliveries WHERE event_id = (
        SELECT event_id FROM deliveries
        WHERE conversation_id = ${id} AND ev = ${ev} AND stream_offset IS NULL LIMIT 1)`;
    expect(await foundIn(id)).toEqual({ lost: [ev] });
  });

  it('finds an event that was settled twice, and one that waits though it was delivered', async () => {
    const { ann, id } = await talk(sql, 3);
    await sql`
      INSERT INTO deliveries SELECT * FROM deliveries WHERE conversation_id = ${id} AND ev = 1`;
    await sql`
      INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, subject)
      SELECT shard, 'event', conversation_id, ev, event_id, 'e', '{}', ${ann} FROM deliveries
      WHERE conversation_id = ${id} AND ev = 3`;
    expect(await foundIn(id)).toEqual({ duplicated: [1, 3], waiting: [3] });
  });

  it('takes what only some users missed for delivered, not for settled twice', async () => {
    const { ann, ben, id } = await talk(sql, 1);
    await say(sql, { conversationId: id, senderId: ann });
    const [letter = 0] = await bury(sql, { of: id });
    await sql`UPDATE dead_letters SET users = ${sql.json([ben])} WHERE outbox_id = ${letter}`;
    await sql`
      INSERT INTO deliveries (event_id, shard, conversation_id, ev, stream_offset, stream_epoch, attempts,
        worker, committed_at)
      SELECT event_id, shard, conversation_id, ev, 2, 'stream', 1, 'test', created_at
      FROM dead_letters WHERE outbox_id = ${letter}`;
    expect(await foundIn(id)).toEqual({});
  });

  it('finds events that lie in their channel in another order than their numbers', async () => {
    const { id } = await talk(sql, 4);
    await sql`
      UPDATE deliveries SET stream_offset = 5 - stream_offset
      WHERE conversation_id = ${id} AND ev IN (2, 3)`;
    expect(await foundIn(id)).toEqual({ outOfOrder: [3] });
    // Superseded: it is known that nobody heard it there, and a resync followed.
    await sql`UPDATE deliveries SET superseded = true WHERE conversation_id = ${id} AND ev = 2`;
    expect(await foundIn(id)).toEqual({});
  });

  it('compares places within one stream only', async () => {
    const { id } = await talk(sql, 4);
    await sql`
      UPDATE deliveries SET stream_offset = stream_offset - 2, stream_epoch = 'after a restart'
      WHERE conversation_id = ${id} AND ev > 2`;
    expect(await foundIn(id)).toEqual({});
  });

  it('accounts for messages that were edited, deleted and reacted to, each by one event', async () => {
    const { ann, ben, id } = await talk(sql, 3);
    const evs = await changeAll(sql, { ann, ben, id });
    expect(await foundIn(id)).toEqual({ waiting: evs });
    await deliver(sql, id);
    const report = await audit(sql, { conversationId: id });
    expect(found(report)).toEqual({});
    expect(report).toMatchObject({ messages: 4, events: 9 });
  });

  it('finds that the event of an edit, a reaction or a deletion is missing, and only that', async () => {
    const { ann, ben, id } = await talk(sql, 3);
    const [edit, choice, deletion] = await changeAll(sql, { ann, ben, id });
    await deliver(sql, id);
    for (const ev of [edit!, choice!, deletion!]) {
      const gone = await sql`
        DELETE FROM deliveries WHERE conversation_id = ${id} AND ev = ${ev} RETURNING *`;
      expect(await foundIn(id)).toEqual({ lost: [ev] });
      await sql`INSERT INTO deliveries ${sql(gone)}`;
    }
    expect(await foundIn(id)).toEqual({});
  });

  it('does not take an edit for the event by which a message was sent', async () => {
    const { ann, ben, id } = await talk(sql, 3);
    await changeAll(sql, { ann, ben, id });
    await deliver(sql, id);
    // That of the third message; the event behind it is the edit of the first.
    await sql`DELETE FROM deliveries WHERE conversation_id = ${id} AND ev = 3`;
    expect(await foundIn(id)).toEqual({ lost: [3], unannounced: [3] });
  });

  it('finds a message that was stored and never announced, also where an edit of another one followed', async () => {
    const { ann, id } = await talk(sql, 2);
    const [first] = await sql`SELECT id FROM messages WHERE conversation_id = ${id} AND seq = 1`;
    await sql`
      INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
        created_at, ev)
      VALUES (${id}, 3, ${randomUUID()}, ${ann}, 'dual write', '', 'text', 'saved, never sent',
        clock_timestamp(), 3)`;
    await sql`UPDATE conversations SET last_seq = 3 WHERE id = ${id}`;
    const edit = { messageId: first!['id'] as string, revision: 1, content: 'other words' };
    await editMessage(sql, { conversationId: id, editorId: ann, ...edit });
    await deliver(sql, id);
    expect(await foundIn(id)).toEqual({ unannounced: [3] });
  });

  it('finds a message that was stored and never announced', async () => {
    const { ann, id } = await talk(sql, 2);
    await sql`
      INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
        created_at, ev)
      VALUES (${id}, 3, ${randomUUID()}, ${ann}, 'dual write', '', 'text', 'saved, never sent',
        clock_timestamp(), 3)`;
    await sql`UPDATE conversations SET last_seq = 3 WHERE id = ${id}`;
    await say(sql, { conversationId: id, senderId: ann });
    expect(await foundIn(id)).toEqual({ unannounced: [3], waiting: [3] });
  });

  it('knows nothing of a conversation that there is not', async () => {
    expect(await audit(sql, { conversationId: randomUUID() })).toMatchObject({
      conversations: 0,
      judgedSince: null,
    });
  });
});
