import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { listConversations } from '../../../core/chat/list-conversations.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { markUnread } from '../../../core/chat/mark-unread.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
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

  it('can be what a list is made of', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const read = await group(sql, ann, ben);
    const waiting = await group(sql, ann, ben);
    const opened = await openDirect(sql, { id: randomUUID(), userId: ann, otherId: ben });
    if (opened.outcome !== 'created') throw new Error(opened.outcome);
    await saySome(waiting, ann, 1);
    const listed = async (filter?: 'unread' | 'direct' | 'group') =>
      (await listConversations(sql, { userId: ben, filter, limit: 10 })).map(
        ({ conversation }) => conversation.id,
      );
    expect(await listed()).toEqual([waiting, opened.conversationId, read]);
    expect(await listed('unread')).toEqual([waiting]);
    expect(await listed('direct')).toEqual([opened.conversationId]);
    expect(await listed('group')).toEqual([waiting, read]);
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
      SELECT audience, subject FROM outbox WHERE conversation_id = ${conversationId} AND subject = ${ben}
        AND kind = 'event'`;
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

describe('a conversation marked as unread', () => {
  /** Ben has read what Ann said: ten messages, two of which never count. */
  async function readThrough() {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await saySome(conversationId, ann, 10);
    await sql`
      UPDATE messages SET deleted_at = clock_timestamp()
      WHERE conversation_id = ${conversationId} AND seq IN (3, 8)`;
    await markRead(sql, { conversationId, userId: ben, seq: 10 });
    return {
      ann,
      ben,
      conversationId,
      mark: (fromSeq: number | null) => markUnread(sql, { conversationId, userId: ben, fromSeq }),
      asListed: async () => {
        const [found] = await listConversations(sql, { userId: ben, conversationId, limit: 1 });
        const { unreadCount, unreadFromSeq, lastReadSeq } = found!.conversation;
        return { unreadCount, unreadFromSeq, lastReadSeq };
      },
      /** What Ben's other devices were told, in order. */
      told: async () => {
        const rows = await sql`
          SELECT audience_payload::jsonb AS payload FROM outbox
          WHERE conversation_id = ${conversationId} AND audience = 'subject' AND subject = ${ben}
          ORDER BY id`;
        return rows.map((row) => row['payload'] as Record<string, unknown>);
      },
    };
  }

  it('counts from there on, and what others see of it stays as it is', async () => {
    const { mark, asListed, told, ben } = await readThrough();
    expect(await mark(6)).toMatchObject({ outcome: 'marked', shard: expect.any(Number) });
    expect(await asListed()).toEqual({ unreadCount: 4, unreadFromSeq: 6, lastReadSeq: 10 });
    expect((await unread(sql, ben)).total).toBe(4);
    expect((await told()).at(-1)).toMatchObject({
      type: 'read',
      userId: ben,
      lastReadSeq: 10,
      lastSeq: 10,
      unreadFromSeq: 6,
      unreadCount: 4,
    });
  });

  it('is told once to the own devices, and to nobody else', async () => {
    const { mark, told, conversationId, ben } = await readThrough();
    const before = (await told()).length;
    await mark(6);
    expect(await mark(6)).toEqual({ outcome: 'marked', shard: null });
    expect(await told()).toHaveLength(before + 1);
    const others = await sql`
      SELECT FROM outbox WHERE conversation_id = ${conversationId} AND subject = ${ben}
        AND payload::jsonb ? 'unreadFromSeq'`;
    expect(others).toHaveLength(0);
  });

  it('is read again by reading, although the pointer stays, by sending, and by taking it back', async () => {
    const { mark, asListed, told, conversationId, ben } = await readThrough();
    await mark(1);
    const read = await markRead(sql, { conversationId, userId: ben, seq: 2 });
    expect(read).toMatchObject({ lastReadSeq: 10, unreadFromSeq: null, unreadCount: 0 });
    expect(read).toMatchObject({ shard: expect.any(Number) });
    expect((await told()).at(-1)).toMatchObject({ unreadFromSeq: null, unreadCount: 0 });

    await mark(1);
    await say(sql, { conversationId, senderId: ben });
    expect(await asListed()).toEqual({ unreadCount: 0, unreadFromSeq: null, lastReadSeq: 11 });

    await mark(10);
    expect(await asListed()).toMatchObject({ unreadCount: 2, unreadFromSeq: 10 });
    await mark(null);
    expect(await asListed()).toEqual({ unreadCount: 0, unreadFromSeq: null, lastReadSeq: 11 });
  });

  it('begins neither before the first message that one may read nor behind an unread one', async () => {
    const { mark, asListed, ann, conversationId } = await readThrough();
    await mark(0);
    expect(await asListed()).toMatchObject({ unreadFromSeq: 1, unreadCount: 8 });
    await mark(null);
    await saySome(conversationId, ann, 3);
    await mark(13);
    expect(await asListed()).toMatchObject({ unreadFromSeq: 11, unreadCount: 3 });
  });

  it('needs a message to begin with, and a member', async () => {
    const { mark, ann, ben, conversationId } = await readThrough();
    expect(await mark(11)).toEqual({ outcome: 'nothing_from_there' });
    const [cleo = ''] = await users(sql, 'cleo');
    const marked = await markUnread(sql, { conversationId, userId: cleo, fromSeq: 1 });
    expect(marked).toEqual({ outcome: 'not_found' });
    const fromTheFirst = { conversationId: await group(sql, ann, ben), userId: ben, fromSeq: 0 };
    expect(await markUnread(sql, fromTheFirst)).toEqual({ outcome: 'nothing_from_there' });
  });
});
