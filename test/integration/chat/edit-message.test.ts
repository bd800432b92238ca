import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import type { EditMessage } from '../../../core/chat/edit-message.ts';
import { listConversations } from '../../../core/chat/list-conversations.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind, lastEv, messageOf, said } from './messages-in-sql.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

/** A group in which Ann said something, and what she may do about it. */
async function talk(content = 'first words') {
  const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
  const conversationId = await group(sql, ann, ben);
  const message = await said(sql, { conversationId, senderId: ann, content });
  const edit = (more: Partial<EditMessage> = {}) =>
    editMessage(sql, {
      conversationId,
      messageId: message.id,
      editorId: ann,
      revision: 1,
      content: 'other words',
      ...more,
    });
  return { ann, ben, cem, conversationId, message, edit };
}

describe('an edit', () => {
  it('is a new revision under the next number, told to those who look at it and to the lists', async () => {
    const { ann, conversationId, message, edit } = await talk();
    const edited = messageOf(await edit());
    expect(edited).toEqual({
      ...message,
      content: 'other words',
      revision: 2,
      ev: 2,
      editedAt: expect.any(String),
    });
    const [event, ...others] = await eventsBehind(sql, conversationId, 1);
    expect(others).toEqual([]);
    const { reactions: _, ...common } = edited;
    expect(event).toMatchObject({
      ev: 2,
      audience: 'members',
      said: { type: 'message_updated', ev: 2, messageId: message.id, seq: 1, message: common },
      told: {
        type: 'conversation_updated',
        eventId: event!.said && 'eventId' in event!.said && event!.said.eventId,
        lastSeq: 1,
        lastMessage: { id: message.id, senderId: ann, preview: 'other words', deletedAt: null },
      },
    });
  });

  it('says nothing to the lists where another message came after it', async () => {
    const { ben, conversationId, edit } = await talk();
    await say(sql, { conversationId, senderId: ben });
    await edit();
    const [event] = await eventsBehind(sql, conversationId, 2);
    expect(event).toMatchObject({ audience: null, told: null, said: { type: 'message_updated' } });
  });

  it('is told without its words once somebody is there who may not read it', async () => {
    const { ann, cem, conversationId, message, edit } = await talk('a secret');
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    const before = await lastEv(sql, conversationId);
    await edit({ content: 'another secret' });
    const [event] = await eventsBehind(sql, conversationId, before);
    expect(event).toMatchObject({
      said: { type: 'message_updated', messageId: message.id, seq: 1 },
      // The last message is the one about their coming.
      told: null,
    });
    expect(JSON.stringify(event)).not.toContain('secret');
    // They leave again, and nobody is left who may not read it.
    await removeMember(sql, { conversationId, actorId: cem, userId: cem });
    const after = await lastEv(sql, conversationId);
    await edit({ content: 'between us', revision: 2 });
    const [next] = await eventsBehind(sql, conversationId, after);
    expect(next!.said).toMatchObject({ message: { content: 'between us' } });
  });

  it('to the same words changes nothing and is announced to nobody', async () => {
    const { conversationId, message, edit } = await talk();
    expect(await edit({ content: message.content })).toMatchObject({
      outcome: 'unchanged',
      message,
    });
    expect(await eventsBehind(sql, conversationId, 1)).toEqual([]);
  });

  it('that is repeated because its answer was lost is answered, and changes nothing', async () => {
    const { conversationId, edit } = await talk();
    const first = messageOf(await edit());
    expect(await edit()).toMatchObject({ outcome: 'unchanged', message: first });
    expect(await eventsBehind(sql, conversationId, 1)).toHaveLength(1);
  });

  it('over a revision that the editor has not seen is refused, also with the words of then', async () => {
    const { edit } = await talk();
    await edit({ content: 'second' });
    expect(await edit({ content: 'third' })).toEqual({ outcome: 'revision_mismatch' });
    expect(await edit({ content: 'third', revision: 3 })).toEqual({ outcome: 'revision_mismatch' });
    await edit({ content: 'third', revision: 2 });
    // Two behind: somebody has edited since, if only to the same words.
    expect(await edit({ content: 'third', revision: 1 })).toEqual({ outcome: 'revision_mismatch' });
    expect(await edit({ content: 'second', revision: 1 })).toEqual({
      outcome: 'revision_mismatch',
    });
  });

  it('is for the sender alone, and for nobody who may not read the message', async () => {
    const { ann, ben, cem, conversationId, edit } = await talk();
    expect(await edit({ editorId: ben })).toEqual({ outcome: 'not_the_sender' });
    expect(await edit({ editorId: cem })).toEqual({ outcome: 'not_found' });
    expect(await edit({ messageId: randomUUID() })).toEqual({ outcome: 'not_found' });
    const elsewhere = await group(sql, ann);
    expect(await edit({ conversationId: elsewhere })).toEqual({ outcome: 'not_found' });
    // Who came back may not read what they said before, and so not edit it either.
    const bens = await said(sql, { conversationId, senderId: ben });
    await removeMember(sql, { conversationId, actorId: ben, userId: ben });
    expect(await edit({ messageId: bens.id, editorId: ben })).toEqual({ outcome: 'not_found' });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    expect(await edit({ messageId: bens.id, editorId: ben })).toEqual({ outcome: 'not_found' });
  });

  it('of what was deleted, or of what the system said, is refused', async () => {
    const { ann, conversationId, message, edit } = await talk();
    await deleteMessage(sql, { conversationId, messageId: message.id, actorId: ann });
    expect(await edit({ revision: 2 })).toEqual({ outcome: 'message_deleted' });
    await sql`UPDATE messages SET type = 'system' WHERE id = ${message.id}`;
    expect(await edit()).toEqual({ outcome: 'system_message' });
  });

  it('is what the repeat of its send answers from then on', async () => {
    const { ann, conversationId } = await talk();
    const once = { conversationId, senderId: ann, clientId: 'once', content: 'once' };
    const message = await said(sql, once);
    const edit = { conversationId, messageId: message.id, editorId: ann, revision: 1 };
    const edited = messageOf(await editMessage(sql, { ...edit, content: 'twice' }));
    expect(await say(sql, once)).toMatchObject({ outcome: 'replayed', message: edited });
    // Told apart by the first request, for ever.
    expect(await say(sql, { ...once, content: 'twice' })).toEqual({ outcome: 'client_id_reused' });
  });

  it('leaves a conversation where it was in the list, and shows in its last line', async () => {
    const { ann, conversationId, edit } = await talk();
    const later = await group(sql, ann);
    await say(sql, { conversationId: later, senderId: ann });
    await edit();
    const listed = await listConversations(sql, { userId: ann, limit: 10 });
    expect(listed.map(({ conversation }) => conversation.id)).toEqual([later, conversationId]);
    expect(listed[1]!.conversation.lastMessage).toMatchObject({
      preview: 'other words',
      type: 'text',
      deletedAt: null,
    });
  });
});
