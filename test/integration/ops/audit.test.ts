import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { audit, isSound } from '../../../core/ops/audit.ts';
import { redrive } from '../../../core/ops/redrive.ts';
import { resync } from '../../../core/ops/resync.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { say, users } from '../chat/people-in-sql.ts';
import { bury, deliver } from './dead-letters.ts';
import { found, talk } from './talk.ts';

const { sql } = await databaseForFile();
const deed = { operator: 'olga', reason: 'a test' };
const ring = (): void => undefined;

const foundIn = async (id: string) => found(await audit(sql, { conversationId: id }));

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
    // 0 is the creation, 6 the message that nobody redrove, 10 and 11 the join and the resync that wait; a redriven
    // control row waits as well, and has no number.
    expect(found(report)).toEqual({ waiting: [10, 11], dead: [6] });
    expect(report).toMatchObject({ conversations: 1, events: 12, messages: 5, closed: 2 });
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
    ['what ends the subscription', 2],
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
