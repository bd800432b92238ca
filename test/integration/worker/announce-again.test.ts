import { expect, test } from 'vitest';

import { markRead } from '../../../core/chat/mark-read.ts';
import { announceAgain } from '../../../core/outbox/announce-again.ts';
import { until } from '../../harness/until.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { drainAll, drainOnRealParts, heldBy } from './drain-on-real-parts.ts';

const parts = await drainOnRealParts();
const { sql, between } = parts;
const { drain } = parts.worker('worker');

const due = () => sql`UPDATE doubts SET again_at = again_at - interval '5 seconds'`;

test('what was announced in doubt is announced once more some seconds later, from the same message on', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  await drainAll(drain);
  const shard = await parts.shardOf(conversationId);
  await say(sql, { conversationId, senderId: ann });
  between.next(async ({ forward }) => {
    await forward();
    return 'cut';
  });
  await drain(shard);
  await drainAll(drain);
  expect(await announceAgain(sql)).toBe(0);
  await due();
  expect(await announceAgain(sql)).toBe(1);
  expect(await announceAgain(sql)).toBe(0);
  await drainAll(drain);
  const heard = (await parts.heard(conversationId)).map(({ data }) => {
    const { ev, type, fromSeq } = data as { ev: number; type: string; fromSeq?: number };
    return [ev, type, fromSeq];
  });
  expect(heard).toEqual([
    [1, 'message', undefined],
    [2, 'resync', 1],
    [3, 'resync', 1],
  ]);
});

test('so is the presence of somebody; workers that look at once announce it once', async () => {
  const [ann = ''] = await users(sql, 'ann');
  await sql`
    INSERT INTO doubts (lane, is_user, again_at)
    VALUES (${ann}, true, clock_timestamp() - interval '1 second')`;
  const found = await Promise.all([1, 2, 3].map(() => announceAgain(sql)));
  expect(found.toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  const rows = await sql`
    SELECT audience_payload::jsonb->>'type' AS type FROM outbox WHERE subject = ${ann}`;
  expect(rows.map(({ type }) => type)).toEqual(['presence_resync']);
});

test('what is taken with a clean answer right behind a failure of the engine is announced later, to be sure', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const [failed, clean] = [await group(sql, ann, ben), await group(sql, ann, ben)];
  const own = parts.worker('behind a failure');
  await drainAll(own.drain);
  const lanesInDoubt = async () => (await sql`SELECT lane FROM doubts`).map(({ lane }) => lane);
  await say(sql, { conversationId: clean, senderId: ann });
  await drainAll(own.drain);
  expect(await lanesInDoubt()).not.toContain(clean);

  await say(sql, { conversationId: failed, senderId: ann });
  between.next(async ({ commands }) => ({
    replies: commands.map(() => ({ error: { code: 100, message: 'internal server error' } })),
  }));
  await heldBy(own.drain(await parts.shardOf(failed)));
  await say(sql, { conversationId: clean, senderId: ann });
  // For one of its members only, and of the same conversation.
  await markRead(sql, { conversationId: clean, userId: ben, seq: 2 });
  await until(
    () =>
      own.drain(0).then(
        () => true,
        () => false,
      ),
    { timeoutMs: 5_000, what: 'the circuit' },
  );
  await drainAll(own.drain);
  expect(await lanesInDoubt()).toContain(clean);
});
