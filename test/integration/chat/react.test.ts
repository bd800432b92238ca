import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { react } from '../../../core/chat/react.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind, lastEv, messageOf, said } from './messages-in-sql.ts';
import { group, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function talk() {
  const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
  const conversationId = await group(sql, ann, ben);
  const message = await said(sql, { conversationId, senderId: ann });
  const change =
    (added: boolean) =>
    (userId: string, emoji: string, messageId = message.id) =>
      react(sql, { conversationId, messageId, userId, emoji, added });
  return { ann, ben, cem, conversationId, message, choose: change(true), takeBack: change(false) };
}

describe('a reaction', () => {
  it('is told to those who look at the conversation, without a word to the lists', async () => {
    const { ann, ben, conversationId, message, choose } = await talk();
    expect(messageOf(await choose(ben, '👍'))).toEqual({
      ...message,
      ev: 2,
      reactions: [{ emoji: '👍', count: 1, userIds: [ben], mine: true }],
    });
    await choose(ann, '👍');
    const events = await eventsBehind(sql, conversationId, 1);
    expect(events.map(({ audience, told }) => [audience, told])).toEqual([
      [null, null],
      [null, null],
    ]);
    // The same for everybody: nothing says whose eyes it is for.
    expect(events.map(({ said }) => said)).toMatchObject([
      {
        type: 'reaction',
        ev: 2,
        messageId: message.id,
        seq: 1,
        userId: ben,
        emoji: '👍',
        added: true,
        message: { ev: 2, reactions: [{ emoji: '👍', count: 1, userIds: [ben] }] },
      },
      { ev: 3, userId: ann, message: { reactions: [{ count: 2, userIds: [ben, ann] }] } },
    ]);
    expect(JSON.stringify(events)).not.toContain('"mine"');
  });

  it('changes no revision, since nobody has other words', async () => {
    const { ben, choose } = await talk();
    expect(messageOf(await choose(ben, '👍')).revision).toBe(1);
  });

  it('that is asked for twice is there once; one that is not there can be taken back all the same', async () => {
    const { ann, ben, conversationId, choose, takeBack } = await talk();
    const first = messageOf(await choose(ben, '👍'));
    expect(await choose(ben, '👍')).toMatchObject({ outcome: 'unchanged', message: first });
    expect(await takeBack(ann, '👍')).toMatchObject({ outcome: 'unchanged' });
    expect(await takeBack(ben, '🎉')).toMatchObject({ outcome: 'unchanged', message: first });
    expect(await lastEv(sql, conversationId)).toBe(2);
    expect(await takeBack(ben, '👍')).toMatchObject({
      outcome: 'changed',
      message: { reactions: [], ev: 3 },
    });
    expect(await takeBack(ben, '👍')).toMatchObject({ outcome: 'unchanged' });
    const events = await eventsBehind(sql, conversationId, 2);
    expect(events.map(({ said }) => said)).toMatchObject([
      { type: 'reaction', emoji: '👍', added: false, message: { reactions: [] } },
    ]);
  });

  it('is counted by emoji, those first that came first, and each reader sees which are theirs', async () => {
    const { ann, ben, conversationId, choose, takeBack } = await talk();
    await choose(ben, '🎉');
    await choose(ann, '👍');
    await choose(ben, '👍');
    await takeBack(ben, '🎉');
    await choose(ann, '🎉');
    const page = async (userId: string) =>
      (await listMessages(sql, { conversationId, userId, limit: 1 }))!.items[0]!.reactions;
    expect(await page(ann)).toEqual([
      { emoji: '👍', count: 2, userIds: [ann, ben], mine: true },
      { emoji: '🎉', count: 1, userIds: [ann], mine: true },
    ]);
    expect((await page(ben))!.map(({ mine }) => mine)).toEqual([true, false]);
  });

  it('names the first twenty who chose it, and counts all', async () => {
    const { ann, conversationId, choose } = await talk();
    const crowd = await users(sql, ...Array.from({ length: 22 }, (_, n) => `p${n}`));
    await addMembers(sql, { conversationId, actorId: ann, userIds: crowd });
    const late = await said(sql, { conversationId, senderId: ann });
    for (const one of crowd) await choose(one, '👍', late.id);
    const last = messageOf(await choose(ann, '👍', late.id));
    expect(last.reactions).toEqual([
      { emoji: '👍', count: 23, userIds: crowd.slice(0, 20), mine: true },
    ]);
  });

  it('with a twenty-first emoji is refused, and one of the twenty is not', async () => {
    const { ann, ben, conversationId, choose, takeBack } = await talk();
    const twenty = Array.from({ length: 20 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    for (const emoji of twenty) await choose(ann, emoji);
    const before = await lastEv(sql, conversationId);
    expect(await choose(ben, '🎉')).toEqual({ outcome: 'too_many_emoji' });
    expect(await lastEv(sql, conversationId)).toBe(before);
    expect(await choose(ben, twenty[0]!)).toMatchObject({ outcome: 'changed' });
    await takeBack(ann, twenty[1]!);
    expect(await choose(ben, '🎉')).toMatchObject({ outcome: 'changed' });
  });

  it('is for those who may read the message', async () => {
    const { ann, cem, conversationId, message, choose } = await talk();
    expect(await choose(cem, '👍')).toEqual({ outcome: 'not_found' });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    expect(await choose(cem, '👍')).toEqual({ outcome: 'not_found' });
    const before = await lastEv(sql, conversationId);
    await choose(ann, '👍');
    const [event] = await eventsBehind(sql, conversationId, before);
    expect(event!.said).toMatchObject({ type: 'reaction', messageId: message.id, seq: 1 });
    expect(event!.said).not.toHaveProperty('message');
  });

  it('to a tombstone, or to what the system said, is refused', async () => {
    const { ann, conversationId, message, choose, takeBack } = await talk();
    await choose(ann, '👍');
    await deleteMessage(sql, { conversationId, messageId: message.id, actorId: ann });
    expect(await choose(ann, '👍')).toEqual({ outcome: 'message_deleted' });
    expect(await takeBack(ann, '👍')).toEqual({ outcome: 'message_deleted' });
    await sql`UPDATE messages SET type = 'system', deleted_at = NULL WHERE id = ${message.id}`;
    expect(await choose(ann, '👍')).toEqual({ outcome: 'system_message' });
  });
});
