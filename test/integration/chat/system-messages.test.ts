import { Message, SystemNote } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { changeRole } from '../../../core/chat/change-role.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { unread } from '../../../core/chat/unread.ts';
import { updateConversation } from '../../../core/chat/update-conversation.ts';
import { upsertProfile } from '../../../core/people/upsert-profile.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function notesOf(conversationId: string, userId: string) {
  const page = await listMessages(sql, { conversationId, userId, limit: 100 });
  return page!.items.map((message) => {
    const { senderId, type, content, metadata, seq } = Message.parse(message);
    return { seq, senderId, type, content, note: metadata && SystemNote.parse(metadata) };
  });
}

describe('what happens to a group', () => {
  it('stands among its messages, with a sentence and with its facts', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann, ben);
    const deed = { conversationId, actorId: ann };
    await addMembers(sql, { ...deed, userIds: [cem] });
    await changeRole(sql, { ...deed, userId: cem, role: 'admin' });
    await changeRole(sql, { ...deed, userId: cem, role: 'member' });
    await updateConversation(sql, { ...deed, title: 'Lunch', image: 'https://example.com/a.png' });
    await updateConversation(sql, { ...deed, image: null });
    await removeMember(sql, { ...deed, userId: cem });
    await removeMember(sql, { conversationId, actorId: ben, userId: ben });

    const sentences = [
      [ann, `${ann} added ${cem}`, { kind: 'members_added', userIds: [cem], count: 1 }],
      [ann, `${ann} made ${cem} an admin`, { kind: 'role_changed', userId: cem, role: 'admin' }],
      [ann, `${ann} made ${cem} a member`, { kind: 'role_changed', userId: cem, role: 'member' }],
      [ann, `${ann} renamed the group to Lunch`, { kind: 'renamed', title: 'Lunch' }],
      [ann, `${ann} changed the picture of the group`, { kind: 'picture_changed' }],
      [ann, `${ann} removed ${cem}`, { kind: 'member_removed', userId: cem }],
      [ben, `${ben} left`, { kind: 'member_left', userId: ben }],
    ] as const;
    expect(await notesOf(conversationId, ann)).toEqual(
      sentences.map(([senderId, content, note], index) => ({
        seq: index + 1,
        senderId,
        type: 'system',
        content,
        note,
      })),
    );
  });

  it('is told in one message of a hundred newcomers, with the first of them', async () => {
    const [ann = '', ...others] = await users(
      sql,
      ...['ann', ...Array.from({ length: 100 }, (_, n) => `n${n}`)],
    );
    const conversationId = await group(sql, ann);
    const added = await addMembers(sql, { conversationId, actorId: ann, userIds: others });
    const [first, second] = others.toSorted();
    expect(added).toMatchObject({ outcome: 'added', added: others.toSorted() });
    expect(await notesOf(conversationId, ann)).toEqual([
      {
        ...{ seq: 1, senderId: ann, type: 'system' },
        content: `${ann} added ${first}, ${second} and 98 others`,
        note: { kind: 'members_added', userIds: others.toSorted().slice(0, 20), count: 100 },
      },
    ]);
  });

  it('is not told where nothing happened', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    const deed = { conversationId, actorId: ann };
    await addMembers(sql, { ...deed, userIds: [ben] });
    await changeRole(sql, { ...deed, userId: ben, role: 'member' });
    await updateConversation(sql, { ...deed, title: 'A group' });
    expect(await notesOf(conversationId, ann)).toEqual([]);
  });

  it('is never unread, and does not count what came before as read', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann, ben);
    await say(sql, { conversationId, senderId: ann });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    await updateConversation(sql, { conversationId, actorId: ann, title: 'Two' });
    await say(sql, { conversationId, senderId: ann });
    const counts = await Promise.all([ann, ben, cem].map((id) => unread(sql, id)));
    expect(counts.map(({ total }) => total)).toEqual([0, 2, 1]);
  });

  it('is read by who comes from their own coming on, and not by who goes', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann);
    await updateConversation(sql, { conversationId, actorId: ann, title: 'Before' });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    expect((await notesOf(conversationId, ben)).map(({ content }) => content)).toEqual([
      `${ann} added ${ben}`,
    ]);
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    const [interval] = await sql`
      SELECT joined_seq::int AS joined, left_seq::int AS left FROM members
      WHERE conversation_id = ${conversationId} AND user_id = ${ben}`;
    expect(interval).toEqual({ joined: 2, left: 2 });
    expect(await listMessages(sql, { conversationId, userId: ben, limit: 1 })).toBeNull();
  });

  it('is told with names as they are, whatever they hold', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const name = `<b>"%s" \\ {0}</b> $1 'and'`;
    await upsertProfile(sql, { id: ben, name, username: null, image: null });
    const conversationId = await group(sql, ann);
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    const [told] = await notesOf(conversationId, ann);
    expect(told?.content).toBe(`${ann} added ${name}`);
  });
});
