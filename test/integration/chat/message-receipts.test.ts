import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { messageReceipts } from '../../../core/chat/message-receipts.ts';
import type { ReceiptsAsked } from '../../../core/chat/message-receipts.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { reportDelivered } from '../../../core/chat/report-delivered.ts';
import { newId } from '../../../core/new-id.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

describe('whoever asks about a message', () => {
  const asks = (asked: Pick<ReceiptsAsked, 'conversationId' | 'userId'> & Partial<ReceiptsAsked>) =>
    messageReceipts(sql, { messageId: '', limit: 100, ...asked });

  async function sayOne(conversationId: string, senderId: string): Promise<string> {
    const id = newId();
    await say(sql, { conversationId, senderId, id });
    return id;
  }

  it('hears who has read it, who has it, and who has not, but for its sender and who came later', async () => {
    const [ann = '', ben = '', cleo = '', dan = '', eve = ''] = (
      await users(sql, 'ann', 'ben', 'cleo', 'dan', 'eve')
    ).toSorted();
    const conversationId = await group(sql, ann, ben, cleo, dan);
    const messageId = await sayOne(conversationId, ann);
    await sayOne(conversationId, ann);
    await addMembers(sql, { conversationId, actorId: ann, userIds: [eve] });
    await markRead(sql, { conversationId, userId: ben, seq: 1 });
    await reportDelivered(sql, { userId: cleo, items: [{ conversationId, seq: 2 }] });

    const heard = await asks({ conversationId, messageId, userId: dan });
    expect(heard).toMatchObject({ readCount: 1, deliveredCount: 2 });
    expect(heard?.items.map(({ profile, state }) => [profile.id, state])).toEqual([
      [ben, 'read'],
      [cleo, 'delivered'],
      [dan, 'sent'],
    ]);
    const next = await asks({ conversationId, messageId, userId: dan, cursor: ben, limit: 1 });
    expect(next).toMatchObject({ readCount: 1, items: [{ profile: { id: cleo } }] });
  });

  it('hears nothing where they may not read it, or it is somewhere else', async () => {
    const [ann = '', ben = '', cleo = ''] = await users(sql, 'ann', 'ben', 'cleo');
    const conversationId = await group(sql, ann, ben);
    const messageId = await sayOne(conversationId, ann);
    const elsewhere = await group(sql, ann);
    expect(await asks({ conversationId, messageId, userId: cleo })).toBeNull();
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cleo] });
    expect(await asks({ conversationId, messageId, userId: cleo })).toBeNull();
    expect(await asks({ conversationId: elsewhere, messageId, userId: ann })).toBeNull();
    expect(await asks({ conversationId, messageId, userId: ann })).not.toBeNull();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    expect(await asks({ conversationId, messageId, userId: ben })).toBeNull();
  });

  it('hears it in a group of any size, where a page of messages tells no receipts', async () => {
    const everybody = await users(sql, ...Array.from({ length: 101 }, (_, n) => `user${n}`));
    const [ann = '', ben = '', ...others] = everybody;
    const more = await group(sql, ann, ben, ...others);
    const hundred = await group(sql, ann, ben, ...others.slice(1));
    const pageOf = (conversationId: string) =>
      listMessages(sql, { conversationId, userId: ann, limit: 10 });
    for (const conversationId of [more, hundred]) {
      const messageId = await sayOne(conversationId, ann);
      await markRead(sql, { conversationId, userId: ben, seq: 1 });
      expect(await asks({ conversationId, messageId, userId: ann })).toMatchObject({
        readCount: 1,
      });
    }
    expect(await pageOf(more)).not.toHaveProperty('receipts');
    const { receipts = [] } = (await pageOf(hundred))!;
    expect(receipts).toHaveLength(99);
    expect(receipts).toContainEqual({ userId: ben, lastReadSeq: 1, lastDeliveredSeq: 1 });
    expect(receipts.map(({ userId }) => userId)).not.toContain(ann);
  });

  it('finds in every page how far the others are', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    for (let n = 0; n < 4; n += 1) await sayOne(conversationId, ann);
    await markRead(sql, { conversationId, userId: ben, seq: 2 });
    await reportDelivered(sql, { userId: ben, items: [{ conversationId, seq: 3 }] });
    for (const where of [{}, { before: 3 }, { changedSince: 1 }]) {
      const page = await listMessages(sql, { conversationId, userId: ann, limit: 10, ...where });
      expect(page?.receipts).toEqual([{ userId: ben, lastReadSeq: 2, lastDeliveredSeq: 3 }]);
    }
  });
});
