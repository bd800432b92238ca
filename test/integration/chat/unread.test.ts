import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { listConversations } from '../../../core/chat/list-conversations.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { unread } from '../../../core/chat/unread.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function saySome(conversationId: string, senderId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await say(sql, { conversationId, senderId });
}

describe('unread', () => {
  it('is a subtraction: what was said, minus what was read, and nothing for the sender', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const one = await group(sql, ann, ben);
    const two = await group(sql, ann, ben);
    await saySome(one, ann, 5);
    await saySome(two, ann, 2);
    expect(await unread(sql, ben)).toEqual({ total: 7, byConversation: { [one]: 5, [two]: 2 } });
    expect(await unread(sql, ann)).toEqual({ total: 0, byConversation: {} });

    expect(await markRead(sql, { conversationId: one, userId: ben, seq: 3 })).toMatchObject({
      outcome: 'read',
      lastReadSeq: 3,
      unreadCount: 2,
      totalUnread: 4,
    });
    const listed = await listConversations(sql, { userId: ben, limit: 10 });
    expect(listed.map(({ conversation }) => [conversation.id, conversation.unreadCount])).toEqual([
      [two, 2],
      [one, 2],
    ]);
  });

  it('never goes back, never past the end, and says nothing when nothing moved', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await saySome(conversationId, ann, 3);
    const read = (seq: number) => markRead(sql, { conversationId, userId: ben, seq });
    expect(await read(99)).toMatchObject({ lastReadSeq: 3, unreadCount: 0 });
    expect(await read(1)).toMatchObject({ lastReadSeq: 3, unreadCount: 0, shard: null });
    expect(await read(3)).toMatchObject({ lastReadSeq: 3, shard: null });
    const told = await sql`
      SELECT audience, subject FROM outbox WHERE conversation_id = ${conversationId} AND subject = ${ben}`;
    expect(told.map((row) => [row['audience'], row['subject']])).toEqual([['subject', ben]]);
  });

  it('moves with an answer, since who answers has read', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await saySome(conversationId, ann, 3);
    await say(sql, { conversationId, senderId: ben });
    expect((await unread(sql, ben)).total).toBe(0);
    expect((await unread(sql, ann)).total).toBe(1);
  });

  it('does not count what was said before one came, what was deleted, and what the system said', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann);
    await saySome(conversationId, ann, 4);
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    await saySome(conversationId, ann, 4);
    expect((await unread(sql, ben)).total).toBe(4);
    await sql`
      UPDATE messages SET deleted_at = clock_timestamp()
      WHERE conversation_id = ${conversationId} AND seq IN (2, 6)`;
    await sql`UPDATE messages SET type = 'system' WHERE conversation_id = ${conversationId} AND seq = 8`;
    expect((await unread(sql, ben)).total).toBe(2);
  });

  it('is not for strangers', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann);
    expect(await markRead(sql, { conversationId, userId: ben, seq: 1 })).toEqual({
      outcome: 'not_found',
    });
  });
});
