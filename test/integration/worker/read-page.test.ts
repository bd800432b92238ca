import { expect, test } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { laneOf, readPage } from '../../../core/outbox/read-page.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from '../chat/people-in-sql.ts';

const { sql } = await databaseForFile();
const bounds = { rows: 400, bytes: 1_000_000, listeners: 20_000 };

async function waiting(shard: number, payload: string, times: number): Promise<void> {
  await sql`
    INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
    SELECT ${shard}, 'event', 'ann ' || n, gen_random_uuid(), 'e', 'subject', ${payload}
    FROM generate_series(1, ${times}::int) n`;
}

test('a page cut by its bytes says that more is waiting, also where a letter has three of them', async () => {
  await waiting(3, JSON.stringify('語'.repeat(700)), 2);
  const page = await readPage(sql, { shard: 3, bounds: { ...bounds, bytes: 2_500 } });
  expect(page).toMatchObject({ full: true });
  expect(page.rows).toHaveLength(1);
  const whole = await readPage(sql, { shard: 3, bounds });
  expect(whole).toMatchObject({ full: false });
  expect(whole.rows).toHaveLength(2);
});

test('a page is cut by those who listen, and one row is always there', async () => {
  // The group may be in any shard, also in the one of the test before.
  await sql`DELETE FROM outbox`;
  const [ann = '', ...others] = await users(sql, 'ann', 'ben', 'cleo', 'dora');
  const conversationId = await group(sql, ann, ...others);
  for (let n = 0; n < 3; n += 1) await say(sql, { conversationId, senderId: ann });
  const [row] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
  const shard = row!['shard'] as number;
  const read = async (listeners: number) => {
    const page = await readPage(sql, { shard, bounds: { ...bounds, listeners } });
    return [page.rows.length, page.full];
  };
  expect(await read(3)).toEqual([1, true]);
  expect(await read(8)).toEqual([2, true]);
  expect(await read(16)).toEqual([4, false]);
});

test('lanes are passed over, those of users too', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  const [row] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
  const shard = row!['shard'] as number;
  await waiting(shard, '{}', 3);
  const passOver = [conversationId, 'user ann 1', 'user ann 3'];
  const page = await readPage(sql, { shard, bounds, passOver });
  expect(page.rows.map(({ subject }) => subject)).toContain('ann 2');
  for (const each of page.rows) expect(passOver).not.toContain(laneOf(each));
});

test('an end of a subscription is over where its user is back: one of a removal only if nothing happened in between', async () => {
  const [ann = '', ben = '', cleo = '', dora = ''] = await users(sql, 'ann', 'ben', 'cleo', 'dora');
  const conversationId = await group(sql, ann, ben, cleo, dora);
  const [row] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
  const shard = row!['shard'] as number;
  const remove = (userId: string) => removeMember(sql, { conversationId, actorId: ann, userId });
  const add = (userId: string) =>
    addMembers(sql, { conversationId, actorId: ann, userIds: [userId] });
  await remove(ben);
  await add(ben);
  await remove(cleo);
  await say(sql, { conversationId, senderId: ann });
  await add(cleo);
  await remove(dora);
  // The later ones, without a number.
  await sql`
    INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch)
    SELECT ${shard}, 'unsubscribe', ${conversationId}, u, gen_random_uuid(), 'e'
    FROM unnest(${[ben, cleo, dora]}::text[]) u`;
  const { rows } = await readPage(sql, { shard, bounds });
  const ends = rows.filter(
    (each) => each.conversationId === conversationId && each.kind === 'unsubscribe',
  );
  expect(ends.map(({ subject, ev, isOver }) => [subject, ev !== null, isOver])).toEqual([
    [ben, true, true],
    [cleo, true, false],
    [dora, true, false],
    [ben, false, true],
    [cleo, false, true],
    [dora, false, false],
  ]);
  expect(rows.filter(({ isOver }) => isOver)).toHaveLength(3);
});
