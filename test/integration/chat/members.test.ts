import { ChatChannelEvent, ConversationChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { databaseForFile } from '../../harness/in-file.ts';
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
      [2, 'subject', undefined, 'conversation_added'],
      [2, 'members', 'member_joined', 'conversation_updated'],
      [3, 'members', 'message', 'new_message'],
    ]);
    const page = await listMessages(sql, { conversationId, userId: cem, limit: 10 });
    expect(page?.items.map(({ content }) => content)).toEqual(['after']);
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
    ]);
  });

  it('come back with a new interval, and do not read what was said meanwhile', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await removeMember(sql, { conversationId, actorId: ben, userId: ben });
    await say(sql, { conversationId, senderId: ann, content: 'meanwhile' });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    await say(sql, { conversationId, senderId: ann, content: 'again' });
    const page = await listMessages(sql, { conversationId, userId: ben, limit: 10 });
    expect(page?.items.map(({ content }) => content)).toEqual(['again']);
    const intervals = await sql`
      SELECT joined_ev::int, left_ev::int FROM members
      WHERE conversation_id = ${conversationId} AND user_id = ${ben} ORDER BY joined_ev`;
    expect(intervals.map((row) => [row['joined_ev'], row['left_ev']])).toEqual([
      [0, 1],
      [3, null],
    ]);
  });
});
