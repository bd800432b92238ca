import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import type { DeleteMessage } from '../../../core/chat/delete-message.ts';
import { listConversations } from '../../../core/chat/list-conversations.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
import { react } from '../../../core/chat/react.ts';
import { unread } from '../../../core/chat/unread.ts';
import { newId } from '../../../core/new-id.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind, lastEv, messageOf, said, saidMany } from './messages-in-sql.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function talk() {
  const [ann = '', ben = '', cem = '', dan = ''] = await users(sql, 'ann', 'ben', 'cem', 'dan');
  const conversationId = await group(sql, ann, ben, cem);
  const message = await said(sql, { conversationId, senderId: ben, metadata: { mood: 'fine' } });
  const remove = (more: Partial<DeleteMessage> = {}) =>
    deleteMessage(sql, { conversationId, messageId: message.id, actorId: ben, ...more });
  return { ann, ben, cem, dan, conversationId, message, remove };
}

describe('a deletion', () => {
  it('leaves a tombstone in the place of the message, and tells everybody', async () => {
    const { ann, ben, conversationId, message, remove } = await talk();
    for (const userId of [ann, ben])
      await react(sql, { conversationId, messageId: message.id, userId, emoji: '👍', added: true });
    const tombstone = messageOf(await remove({ actorId: ann, revision: 1 }));
    const { metadata: _, ...kept } = message;
    expect(tombstone).toEqual({
      ...kept,
      content: '',
      revision: 2,
      ev: 4,
      reactions: [],
      deletedAt: expect.any(String),
    });
    const [row] = await sql`
      SELECT deleted_by, metadata, (SELECT count(*)::int FROM reactions WHERE message_id = id) AS left
      FROM messages WHERE id = ${message.id}`;
    expect(row).toEqual({ deleted_by: ann, metadata: null, left: 0 });

    const [event, ...others] = await eventsBehind(sql, conversationId, 3);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      ev: 4,
      audience: 'members',
      said: {
        type: 'message_deleted',
        byUserId: ann,
        messageId: message.id,
        seq: 1,
        message: tombstone,
      },
      told: {
        type: 'conversation_updated',
        deletedSeq: 1,
        lastSeq: 1,
        lastMessage: { id: message.id, preview: '', deletedAt: tombstone.deletedAt },
      },
    });
  });

  it('tells the lists which message it was, and the last one only where it was that', async () => {
    const { ann, conversationId, remove } = await talk();
    await say(sql, { conversationId, senderId: ann });
    await remove();
    const [event] = await eventsBehind(sql, conversationId, 2);
    expect(event!.told).toMatchObject({ deletedSeq: 1, lastSeq: 2 });
    expect(event!.told).not.toHaveProperty('lastMessage');
  });

  it('of what a newcomer may not read is told without the message', async () => {
    const { ann, dan, conversationId, remove } = await talk();
    await addMembers(sql, { conversationId, actorId: ann, userIds: [dan] });
    const before = await lastEv(sql, conversationId);
    await remove();
    const [event] = await eventsBehind(sql, conversationId, before);
    expect(event!.said).not.toHaveProperty('message');
    expect(event!.told).not.toHaveProperty('lastMessage');
    expect(event!.told).toMatchObject({ type: 'conversation_updated', deletedSeq: 1 });
  });

  it('of what is deleted already answers the tombstone and announces nothing, whatever revision is named', async () => {
    const { ann, conversationId, remove } = await talk();
    const first = messageOf(await remove());
    for (const revision of [undefined, 1, 2, 7])
      expect(await remove({ revision })).toMatchObject({ outcome: 'unchanged', message: first });
    expect(await remove({ actorId: ann })).toMatchObject({ outcome: 'unchanged', message: first });
    expect(await eventsBehind(sql, conversationId, 1)).toHaveLength(1);
    const [row] = await sql`SELECT deleted_by FROM messages WHERE id = ${first.id}`;
    expect(row!['deleted_by']).not.toBe(ann);
  });

  it('over a revision that was not seen is refused', async () => {
    const { remove } = await talk();
    expect(await remove({ revision: 2 })).toEqual({ outcome: 'revision_mismatch' });
  });

  it('is for the sender and for those who keep the group', async () => {
    const { ann, cem, dan, conversationId, message, remove } = await talk();
    expect(await remove({ actorId: cem })).toEqual({ outcome: 'role_required' });
    expect(await remove({ actorId: dan })).toEqual({ outcome: 'not_found' });
    await sql`
      UPDATE members SET role = 'admin' WHERE conversation_id = ${conversationId} AND user_id = ${cem}`;
    expect(await remove({ actorId: cem })).toMatchObject({ outcome: 'deleted' });
    // An admin who came later may not read it.
    const other = await said(sql, { conversationId, senderId: ann });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [dan] });
    await sql`
      UPDATE members SET role = 'admin' WHERE conversation_id = ${conversationId} AND user_id = ${dan}`;
    expect(await remove({ messageId: other.id, actorId: dan })).toEqual({ outcome: 'not_found' });

    await sql`UPDATE messages SET type = 'system', deleted_at = NULL WHERE id = ${message.id}`;
    expect(await remove({ actorId: ann })).toEqual({ outcome: 'system_message' });
  });

  it('in a direct conversation is for the sender alone', async () => {
    const { ann, ben } = await talk();
    const direct = newId();
    await openDirect(sql, { id: direct, userId: ann, otherId: ben });
    const hers = await said(sql, { conversationId: direct, senderId: ann });
    const remove = (actorId: string) =>
      deleteMessage(sql, { conversationId: direct, messageId: hers.id, actorId });
    expect(await remove(ben)).toEqual({ outcome: 'role_required' });
    expect(await remove(ann)).toMatchObject({ outcome: 'deleted' });
  });

  it('is what the repeat of its send answers from then on', async () => {
    const { ann, conversationId, remove } = await talk();
    const once = { conversationId, senderId: ann, clientId: 'once', content: 'once' };
    const { id } = await said(sql, once);
    const tombstone = messageOf(await remove({ messageId: id, actorId: ann }));
    expect(await say(sql, once)).toMatchObject({ outcome: 'replayed', message: tombstone });
    expect(await say(sql, { ...once, content: 'else' })).toEqual({ outcome: 'client_id_reused' });
  });

  it('leaves a message that can be replied to', async () => {
    const { ann, conversationId, message, remove } = await talk();
    await remove();
    const reply = { conversationId, senderId: ann, replyToId: message.id };
    expect(await say(sql, reply)).toMatchObject({ message: { replyToId: message.id } });
  });

  it('takes what was unread off the count, and nothing off what was read', async () => {
    const { ann, ben, cem, conversationId } = await talk();
    const [two, three] = await saidMany(sql, { conversationId, senderId: ann, count: 3 });
    await markRead(sql, { conversationId, userId: cem, seq: 2 });
    const count = async () => (await unread(sql, cem)).total;
    expect(await count()).toBe(2);
    const remove = (messageId: string) =>
      deleteMessage(sql, { conversationId, messageId, actorId: ann });
    await remove(three!.id);
    expect(await count()).toBe(1);
    await remove(two!.id);
    expect(await count()).toBe(1);
    expect((await unread(sql, ben)).total).toBe(1);
  });

  it('empties the last line of the list', async () => {
    const { ann, message, remove } = await talk();
    const tombstone = messageOf(await remove());
    const [listed] = await listConversations(sql, { userId: ann, limit: 1 });
    expect(listed!.conversation.lastMessage).toEqual({
      id: message.id,
      seq: 1,
      senderId: message.senderId,
      preview: '',
      type: 'text',
      deletedAt: tombstone.deletedAt,
      createdAt: message.createdAt,
    });
  });
});
