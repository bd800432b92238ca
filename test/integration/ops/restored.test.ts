import { expect, it } from 'vitest';

import { listActions } from '../../../core/ops/list-actions.ts';
import { newestEventAt, restored } from '../../../core/ops/restored.ts';
import { resync } from '../../../core/ops/resync.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { drainAll, drainOnRealParts } from '../worker/drain-on-real-parts.ts';

const parts = await drainOnRealParts();
const { sql } = parts;
const { drain } = parts.worker('worker');
const deed = { operator: 'olga', reason: 'restored the backup of 04:00' };

/** Sets a conversation back to what a backup held: so many messages, and nothing known of the rest. */
async function restore(conversationId: string, seq: number): Promise<void> {
  await sql`DELETE FROM messages WHERE conversation_id = ${conversationId} AND seq > ${seq}`;
  await sql`DELETE FROM deliveries WHERE conversation_id = ${conversationId} AND ev > ${seq}`;
  await sql`UPDATE conversations SET last_seq = ${seq}, ev = ${seq} WHERE id = ${conversationId}`;
}

async function eventsHeard(conversationId: string): Promise<unknown[]> {
  const publications = await parts.heard(conversationId);
  return publications.map(({ data }) => {
    const { ev, type, message } = data as {
      ev: number;
      type: string;
      message?: { content: string };
    };
    return [ev, message?.content ?? type];
  });
}

it('after a restore nothing is heard of numbers that were given out before, until a new epoch begins', async () => {
  const [senderId = '', other = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, senderId, other);
  for (const content of ['one', 'two', 'three', 'four'])
    await say(sql, { conversationId, senderId, content });
  await drainAll(drain);
  await restore(conversationId, 1);
  const before = await eventsHeard(conversationId);
  expect(before).toHaveLength(4);

  await say(sql, { conversationId, senderId, content: 'taken for a repeat' });
  await drainAll(drain);
  expect(await eventsHeard(conversationId)).toEqual(before);

  const epoch = await restored(sql, deed);
  expect(epoch.now).not.toBe(epoch.before);
  const newest = await newestEventAt(sql);
  const since = new Date(newest!.getTime() - 86_400_000);
  const ring = (): void => undefined;
  expect(await resync(sql, { target: { since, waiting: true }, deed, ring })).toBe(1);
  await say(sql, { conversationId, senderId, content: 'heard' });
  await drainAll(drain);
  const heard = (await eventsHeard(conversationId)).slice(4);
  expect(heard.at(0)).toMatchObject([expect.any(Number), 'resync']);
  expect(heard.at(-1)).toMatchObject([expect.any(Number), 'heard']);
  const [, done] = await listActions(sql, { limit: 2 });
  expect(done).toMatchObject({ ...deed, action: 'restored', outcome: { epoch: epoch.now } });
});

it('the same backup restored twice does not begin the same epoch twice', async () => {
  const again = async (): Promise<string> => {
    await sql`UPDATE delivery_epoch SET generation = 5`;
    return (await restored(sql, deed)).now;
  };
  const first = await again();
  // It counts in seconds.
  await sql`SELECT pg_sleep(1.1)`;
  const second = await again();
  expect(second).not.toBe(first);
  // One who says it twice in a second begins two all the same.
  expect((await restored(sql, deed)).now).not.toBe(second);
});

it('also tells conversations of which something waits, however long ago they were active', async () => {
  const [senderId = '', other = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, senderId, other);
  await sql`UPDATE outbox SET created_at = '2020-01-01' WHERE conversation_id = ${conversationId}`;
  await sql`UPDATE conversations SET last_active_at = '2020-01-01' WHERE id = ${conversationId}`;
  const ring = (): void => undefined;
  const since = new Date(Date.now() + 86_400_000);
  expect(await resync(sql, { target: { since }, deed, ring })).toBe(0);
  expect(await resync(sql, { target: { since, waiting: true }, deed, ring })).toBe(1);
  await drainAll(drain);
});
