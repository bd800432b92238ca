import { randomUUID } from 'node:crypto';

import { ChatChannelEvent, ConversationChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { removeMember } from '../../../core/chat/remove-member.ts';
import { listActions } from '../../../core/ops/list-actions.ts';
import { planResync, resync } from '../../../core/ops/resync.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { deliver, waitingFor } from './dead-letters.ts';

const { sql } = await databaseForFile();
const deed = { operator: 'olga', reason: 'Centrifugo lost its Redis' };
const ring = (): void => undefined;

/** Messages that were stored, and their events delivered, at these minutes of ten o'clock on some day. */
async function conversationOf(...minutes: [stored: number, delivered: number][]): Promise<string> {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const id = await group(sql, ann, ben);
  const at = (minute: number) => new Date(Date.UTC(2030, 0, 31, 10, minute)).toISOString();
  for (const [stored, delivered] of minutes) {
    await say(sql, { conversationId: id, senderId: ann });
    // A message's time is read a moment before that of its event.
    await sql`
      UPDATE messages SET created_at = ${at(stored)}::timestamptz - interval '1 microsecond'
      WHERE conversation_id = ${id} AND seq = (
        SELECT last_seq FROM conversations WHERE id = ${id})`;
    await sql`UPDATE outbox SET created_at = ${at(stored)} WHERE conversation_id = ${id} AND ev > 0`;
    await deliver(sql, id);
    await sql`
      UPDATE deliveries SET acknowledged_at = ${at(delivered)}
      WHERE conversation_id = ${id} AND committed_at = ${at(stored)}`;
    await sql`UPDATE conversations SET last_active_at = ${at(stored)} WHERE id = ${id}`;
  }
  return id;
}

const from = (minute: number): Date => new Date(Date.UTC(2030, 0, 31, 10, minute));

describe('a resync', () => {
  it('tells everybody in a conversation, under its next number, to read again from a message on', async () => {
    const conversationId = await conversationOf([0, 0], [1, 1], [2, 2]);
    const rung: number[] = [];
    const target = { conversationId, fromSeq: 2 };
    expect(await resync(sql, { target, deed, ring: (shard) => rung.push(shard) })).toBe(1);
    const [row] = await waitingFor(sql, conversationId);
    expect(row).toMatchObject({ ev: 4, audience: 'members' });
    expect(ConversationChannelEvent.parse(row!.said)).toMatchObject({ type: 'resync', fromSeq: 2 });
    expect(ChatChannelEvent.parse(row!.told)).toMatchObject({ type: 'resync', fromSeq: 2 });
    const [home] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
    expect(rung).toEqual([home!['shard']]);
    const [latest] = await listActions(sql, { limit: 1 });
    expect(latest).toMatchObject({
      ...deed,
      action: 'resync',
      target,
      outcome: { conversations: 1 },
    });
  });

  it('names the last message unless told, and nothing where there is no such conversation', async () => {
    const conversationId = await conversationOf([0, 0], [1, 1]);
    expect(await planResync(sql, { conversationId })).toEqual([
      { conversationId, members: 2, fromSeq: 2 },
    ]);
    const before = await everythingStored(sql);
    const target = { conversationId: randomUUID() };
    expect(await planResync(sql, target)).toEqual([]);
    expect(await resync(sql, { target, deed, ring })).toBe(0);
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('of a time means every conversation with an event stored or delivered in it, from its first message in it', async () => {
    const before = await conversationOf([0, 1], [5, 6]);
    const inside = await conversationOf([9, 9], [11, 11], [12, 12], [30, 30]);
    const deliveredInside = await conversationOf([3, 3], [4, 15], [5, 16]);
    const storedInside = await conversationOf([2, 2], [19, 40]);
    const after = await conversationOf([20, 20]);
    const planned = await planResync(sql, { since: from(10), until: from(20) });
    const expected = [
      { conversationId: inside, members: 2, fromSeq: 2 },
      { conversationId: deliveredInside, members: 2, fromSeq: 2 },
      { conversationId: storedInside, members: 2, fromSeq: 2 },
    ];
    expect(planned).toEqual(
      expected.toSorted((a, b) => (a.conversationId < b.conversationId ? -1 : 1)),
    );
    const all = (await planResync(sql, { since: from(0), until: from(59) })).map(
      ({ conversationId }) => conversationId,
    );
    expect(all).toEqual(expect.arrayContaining([before, inside, after]));
  });

  it('of a time finds a conversation whose deliveries are not kept any more by its last message', async () => {
    const conversationId = await conversationOf([0, 0], [41, 41], [42, 42]);
    await sql`DELETE FROM deliveries WHERE conversation_id = ${conversationId}`;
    expect(await planResync(sql, { since: from(40), until: from(59) })).toContainEqual({
      conversationId,
      members: 2,
      fromSeq: 2,
    });
  });

  it('reaches those who are in it now, and is counted so', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const conversationId = await group(sql, ann, ben, cem);
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    expect(await planResync(sql, { conversationId })).toMatchObject([{ members: 2 }]);
  });

  it('that is only tried writes nothing; done, it takes at most 100 conversations at once', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await sql`
      INSERT INTO conversations (id, kind, title, shard, created_by, last_active_at)
      SELECT gen_random_uuid(), 'group', 'many', n % 8, ${ann}, '2031-01-01'
      FROM generate_series(1, 230) n`;
    const before = await everythingStored(sql);
    const target = { since: new Date('2031-01-01'), until: new Date('2031-01-02') };
    expect(await planResync(sql, target)).toHaveLength(230);
    expect(await everythingStored(sql)).toEqual(before);

    const progress: [number, number][] = [];
    const onProgress = (done: number, of: number): void => void progress.push([done, of]);
    expect(await resync(sql, { target, deed, ring, onProgress })).toBe(230);
    expect(progress).toEqual([
      [100, 230],
      [200, 230],
      [230, 230],
    ]);
    const actions = await listActions(sql, { limit: 3 });
    expect(actions.map(({ outcome }) => outcome?.['conversations'])).toEqual([30, 100, 100]);
    const transactions = await sql`
      SELECT count(*)::int FROM outbox o JOIN conversations c ON c.id = o.conversation_id
      WHERE c.title = 'many' GROUP BY o.xmin ORDER BY 1`;
    expect(transactions.map(({ count }) => count as number)).toEqual([30, 100, 100]);
  });
});
