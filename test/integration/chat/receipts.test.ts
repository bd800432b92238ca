import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { reportDelivered } from '../../../core/chat/report-delivered.ts';
import { newId } from '../../../core/new-id.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function direct(userId: string, otherId: string): Promise<string> {
  const opened = await openDirect(sql, { id: newId(), userId, otherId });
  if (opened.outcome === 'unknown_user') throw new Error('nobody there');
  return opened.conversationId;
}

async function saySome(conversationId: string, senderId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await say(sql, { conversationId, senderId });
}

/** The receipts that wait, in order: what goes to the conversation, and whether others are told in their own channel. */
async function receiptsIn(conversationId: string): Promise<[string, number, string | null][]> {
  const rows = await sql`
    SELECT payload::jsonb AS told, audience, audience_payload = payload AS same FROM outbox
    WHERE conversation_id = ${conversationId} AND kind = 'receipt' ORDER BY id`;
  return rows.map(({ told, audience, same }) => {
    expect(same).toBe(audience === null ? null : true);
    return [told.type, told.lastReadSeq ?? told.lastDeliveredSeq, audience];
  });
}

describe('whoever reads', () => {
  it('is seen to have read by the others of a group, and in a direct conversation wherever the other one looks', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const [group1, direct1] = [await group(sql, ann, ben), await direct(ann, ben)];
    for (const conversationId of [group1, direct1]) {
      await saySome(conversationId, ann, 3);
      await markRead(sql, { conversationId, userId: ben, seq: 2 });
    }
    expect(await receiptsIn(group1)).toEqual([['read', 2, null]]);
    expect(await receiptsIn(direct1)).toEqual([['read', 2, 'members']]);
  });

  it('announces it once, and a mark as unread that is taken back not at all', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await group(sql, ann, ben);
    await saySome(conversationId, ann, 3);
    const read = (seq: number) => markRead(sql, { conversationId, userId: ben, seq });
    await read(2);
    await read(2);
    await read(1);
    await sql`UPDATE members SET unread_from_seq = 1 WHERE conversation_id = ${conversationId}`;
    await read(1);
    expect(await receiptsIn(conversationId)).toEqual([['read', 2, null]]);
  });

  it('is announced to a hundred, and not where there are a hundred and one', async () => {
    const everybody = await users(sql, ...Array.from({ length: 101 }, (_, n) => `user${n}`));
    const [ann = '', ben = '', ...others] = everybody;
    const hundred = await group(sql, ann, ben, ...others.slice(1));
    const more = await group(sql, ann, ben, ...others);
    for (const conversationId of [hundred, more]) {
      await say(sql, { conversationId, senderId: ann });
      await markRead(sql, { conversationId, userId: ben, seq: 1 });
    }
    expect(await receiptsIn(hundred)).toEqual([['read', 1, null]]);
    expect(await receiptsIn(more)).toEqual([]);
  });

  it('from ten devices at once comes to the highest of them, and is announced in rising order', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await direct(ann, ben);
    await saySome(conversationId, ann, 60);
    const seqs = Array.from({ length: 10 }, (_, device) =>
      Array.from({ length: 6 }, (__, n) => ((device * 7 + n * 11) % 60) + 1),
    );
    await Promise.all(
      seqs.map(async (ofDevice) => {
        for (const seq of ofDevice) await markRead(sql, { conversationId, userId: ben, seq });
      }),
    );
    const highest = Math.max(...seqs.flat());
    const announced = (await receiptsIn(conversationId)).map(([, seq]) => seq);
    expect(announced.at(-1)).toBe(highest);
    expect(announced).toEqual([...new Set(announced)].toSorted((a, b) => a - b));
    const own = await sql`
      SELECT (audience_payload::jsonb->>'lastReadSeq')::int AS seq FROM outbox
      WHERE conversation_id = ${conversationId} AND audience = 'subject' ORDER BY id`;
    expect(own.map(({ seq }) => seq)).toEqual(announced);
    const [row] = await sql`
      SELECT last_read_seq::int AS seq FROM members
      WHERE conversation_id = ${conversationId} AND user_id = ${ben}`;
    expect(row).toEqual({ seq: highest });
  });
});

describe('whoever has messages on a device', () => {
  it('says so in many conversations at once: never back, never past the end, the highest of each', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const [one, two] = [await direct(ann, ben), await group(sql, ann, ben)];
    await saySome(one, ann, 5);
    await saySome(two, ann, 5);
    const report = async (...items: [string, number][]) => {
      const { items: reached } = await reportDelivered(sql, {
        userId: ben,
        items: items.map(([conversationId, seq]) => ({ conversationId, seq })),
      });
      return Object.fromEntries(
        reached.map((each) => [each.conversationId, each.lastDeliveredSeq]),
      );
    };
    expect(await report([one, 1], [two, 2], [one, 3])).toEqual({ [one]: 3, [two]: 2 });
    expect(await report([one, 2], [two, 99])).toEqual({ [one]: 3, [two]: 5 });
    expect(await receiptsIn(one)).toEqual([['delivered', 3, 'members']]);
    expect(await receiptsIn(two)).toEqual([]);
  });

  it('has what they have read and sent: that is neither lowered nor announced again', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = await direct(ann, ben);
    await saySome(conversationId, ann, 2);
    await say(sql, { conversationId, senderId: ben });
    await saySome(conversationId, ann, 3);
    await markRead(sql, { conversationId, userId: ben, seq: 5 });
    const report = (seq: number) =>
      reportDelivered(sql, { userId: ben, items: [{ conversationId, seq }] });
    expect(await report(4)).toEqual({
      items: [{ conversationId, lastDeliveredSeq: 5 }],
      shards: [],
    });
    expect(await report(6)).toMatchObject({ items: [{ lastDeliveredSeq: 6 }] });
    expect(await receiptsIn(conversationId)).toEqual([
      ['read', 5, 'members'],
      ['delivered', 6, 'members'],
    ]);
  });

  it('is not asked about conversations that they are not in, or not any more', async () => {
    const [ann = '', ben = '', cleo = ''] = await users(sql, 'ann', 'ben', 'cleo');
    const [left, foreign, own] = [
      await group(sql, ann, ben),
      await group(sql, ann, cleo),
      await group(sql, ann, ben),
    ];
    for (const id of [left, foreign, own]) await say(sql, { conversationId: id, senderId: ann });
    await removeMember(sql, { conversationId: left, actorId: ann, userId: ben });
    const items = [left, foreign, own, newId()].map((conversationId) => ({
      conversationId,
      seq: 1,
    }));
    const answer = await reportDelivered(sql, { userId: ben, items });
    expect(answer.items).toEqual([{ conversationId: own, lastDeliveredSeq: 1 }]);
    await addMembers(sql, { conversationId: left, actorId: ann, userIds: [ben] });
    expect((await reportDelivered(sql, { userId: ben, items })).items).toHaveLength(2);
  });

  /** One membership after the other, in the order in which they were named. */
  const IN_THEIR_ORDER = `
    CREATE FUNCTION report_in_their_order(p_user text, p_items jsonb) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE item jsonb;
    BEGIN
      FOR item IN SELECT value FROM jsonb_array_elements(p_items) LOOP
        UPDATE members SET last_delivered_seq = greatest(last_delivered_seq, (item->>'seq')::bigint)
        WHERE user_id = p_user AND left_ev IS NULL AND conversation_id = (item->>'conversationId')::uuid;
      END LOOP;
    END $$`;

  it('may say so from devices with opposite orders: none waits for another for good, as those would who lock in the order given', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversations: string[] = [];
    for (let n = 0; n < 20; n += 1) conversations.push(await group(sql, ann, ben));
    await Promise.all(conversations.map((id) => saySome(id, ann, 30)));
    type Report = (items: { conversationId: string; seq: number }[]) => Promise<unknown>;
    const fromThreeDevices = (report: Report): Promise<void>[] =>
      [false, true, true].map(async (reversed) => {
        for (let seq = 1; seq <= 30; seq += 1) {
          const items = conversations.map((conversationId) => ({ conversationId, seq }));
          await report(reversed ? items.toReversed() : items);
        }
      });
    await Promise.all(fromThreeDevices((items) => reportDelivered(sql, { userId: ben, items })));
    const [reached] = await sql`
      SELECT min(last_delivered_seq)::int AS least FROM members
      WHERE user_id = ${ben} AND conversation_id = ANY (${conversations}::uuid[])`;
    expect(reached).toEqual({ least: 30 });

    await sql.unsafe(IN_THEIR_ORDER);
    const ends = await Promise.allSettled(
      fromThreeDevices((items) => sql`SELECT report_in_their_order(${ben}, ${sql.json(items)})`),
    );
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
    expect(failures).toContainEqual(expect.stringContaining('deadlock detected'));
  });
});
