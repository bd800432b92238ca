import { ChatChannelEvent, conversationChannel, ConversationChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { changeRole } from '../../../core/chat/change-role.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { updateConversation } from '../../../core/chat/update-conversation.ts';
import { whoMayHear } from '../../../core/chat/who-may-hear.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { bury, deliver } from '../ops/dead-letters.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function eventsOf(conversationId: string) {
  const rows = await sql`
    SELECT kind, ev::int, subject, payload, audience, audience_payload FROM outbox
    WHERE conversation_id = ${conversationId} ORDER BY id`;
  return rows.map((row) => ({
    kind: row['kind'] as string,
    ev: row['ev'] as number,
    subject: row['subject'] as string | null,
    audience: row['audience'] as string | null,
    said: row['payload'] ? ConversationChannelEvent.parse(JSON.parse(row['payload'])) : null,
    told: row['audience_payload']
      ? ChatChannelEvent.parse(JSON.parse(row['audience_payload']))
      : null,
  }));
}

describe('members of a group', () => {
  it('hear of a newcomer, who reads from the next message on', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann, ben);
    await say(sql, { conversationId, senderId: ann, content: 'before' });
    const answer = await addMembers(sql, { conversationId, actorId: ann, userIds: [cem, ben] });
    await say(sql, { conversationId, senderId: ann, content: 'after' });

    expect(answer).toMatchObject({ outcome: 'added', added: [cem] });
    const events = await eventsOf(conversationId);
    expect(
      events.map(({ ev, audience, said, told }) => [ev, audience, said?.type, told?.type]),
    ).toEqual([
      [0, 'members', undefined, 'conversation_added'],
      [1, 'members', 'message', 'new_message'],
      [null, null, undefined, undefined],
      [2, 'subject', undefined, 'conversation_added'],
      [2, 'members', 'member_joined', 'conversation_updated'],
      [3, 'members', 'message', 'new_message'],
      [4, 'members', 'message', 'new_message'],
    ]);
    // Whoever listens from now on cannot ask Centrifugo for what was said before.
    expect(events[2]?.kind).toBe('history_remove');
    const page = await listMessages(sql, { conversationId, userId: cem, limit: 10 });
    expect(page?.items.map(({ content }) => content)).toEqual([`${ann} added ${cem}`, 'after']);
    expect(page?.hasOlder).toBe(false);
  });

  it('are told of a removal, and the subscription of the removed one ends before anything else is said', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    await say(sql, { conversationId, senderId: ann });

    const events = (await eventsOf(conversationId)).slice(1);
    expect(
      events.map(({ kind, subject, said, told }) => [kind, subject, said?.type, told?.type]),
    ).toEqual([
      ['unsubscribe', ben, undefined, undefined],
      ['event', ben, 'member_left', 'conversation_updated'],
      ['event', ben, undefined, 'conversation_removed'],
      ['event', null, 'message', 'new_message'],
      ['event', null, 'message', 'new_message'],
    ]);
    expect(events.at(-2)?.said).toMatchObject({
      message: { type: 'system', content: `${ann} removed ${ben}` },
    });
  });

  it('come back with a new interval, and do not read what was said meanwhile', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await removeMember(sql, { conversationId, actorId: ben, userId: ben });
    await say(sql, { conversationId, senderId: ann, content: 'meanwhile' });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    await say(sql, { conversationId, senderId: ann, content: 'again' });
    const page = await listMessages(sql, { conversationId, userId: ben, limit: 10 });
    expect(page?.items.map(({ content }) => content)).toEqual([`${ann} added ${ben}`, 'again']);
    const intervals = await sql`
      SELECT joined_ev::int, left_ev::int FROM members
      WHERE conversation_id = ${conversationId} AND user_id = ${ben} ORDER BY joined_ev`;
    expect(intervals.map((row) => [row['joined_ev'], row['left_ev']])).toEqual([
      [0, 1],
      [4, null],
    ]);
  });

  it('hear of another role, and of none where it is the same', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    const change = { conversationId, actorId: ann, userId: ben };
    const changed = await changeRole(sql, { ...change, role: 'owner' });
    expect(changed).toMatchObject({ outcome: 'changed', member: { userId: ben, role: 'owner' } });
    expect(await changeRole(sql, { ...change, role: 'owner' })).toMatchObject({
      outcome: 'unchanged',
      member: { userId: ben, role: 'owner' },
    });
    expect(await changeRole(sql, { ...change, userId: ann, role: 'member' })).toMatchObject({
      outcome: 'changed',
    });
    expect((await eventsOf(conversationId)).slice(1)).toMatchObject([
      {
        ...{ ev: 1, audience: 'members' },
        said: { type: 'member_updated', userId: ben, role: 'owner', byUserId: ann },
        told: { type: 'conversation_updated' },
      },
      { ev: 2, said: { type: 'message', message: { type: 'system' } } },
      { ev: 3, said: { type: 'member_updated', userId: ann, role: 'member' } },
      { ev: 4, said: { type: 'message' } },
    ]);
  });

  it('hear of another title and picture on both channels, and of none where they are the same', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    const image = 'https://example.com/a.png';
    const update = (change: { title?: string; image?: string | null }) =>
      updateConversation(sql, { conversationId, actorId: ann, ...change });
    expect(await update({ title: 'A group', image: null })).toMatchObject({ outcome: 'unchanged' });
    expect(await update({ image })).toMatchObject({ outcome: 'updated' });
    expect(await update({ title: 'Lunch' })).toMatchObject({ outcome: 'updated' });
    const told = { type: 'conversation_updated', title: 'Lunch', image };
    expect((await eventsOf(conversationId)).slice(1)).toMatchObject([
      {
        ev: 1,
        said: { ...told, title: 'A group' },
        told: { ...told, title: 'A group', lastSeq: 0 },
      },
      { ev: 2, said: { type: 'message' } },
      { ev: 3, audience: 'members', said: told, told: { ...told, lastSeq: 1 } },
      { ev: 4, said: { type: 'message' } },
    ]);
  });

  it('may listen once what was said before is out of the history, and not where that died', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann);
    await deliver(sql, conversationId);
    const mayHear = (userId: string) =>
      whoMayHear(sql, { userId, channel: conversationChannel(conversationId) });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    expect(await mayHear(ben)).toBe('not_yet');
    await deliver(sql, conversationId);
    expect(await mayHear(ben)).toBe('allowed');

    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    await bury(sql, { of: conversationId, only: [0] });
    const [letter] =
      await sql`SELECT kind FROM dead_letters WHERE conversation_id = ${conversationId}`;
    expect(letter).toEqual({ kind: 'history_remove' });
    expect(await mayHear(cem)).toBe('not_yet');
    expect(await mayHear(ann)).toBe('allowed');
    await sql`DELETE FROM dead_letters WHERE conversation_id = ${conversationId}`;
    expect(await mayHear(cem)).toBe('allowed');
  });
});
