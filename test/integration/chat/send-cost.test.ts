import { expect, test } from 'vitest';
import * as z from 'zod';

import { databaseForFile } from '../../harness/in-file.ts';
import { group, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

const Explained = z.tuple([
  z.object({
    Plan: z.object({
      'Shared Hit Blocks': z.int(),
      'Shared Read Blocks': z.int(),
      'WAL Bytes': z.int(),
    }),
  }),
]);

/** What Postgres reads and writes for one call, the cheapest of several: it writes whole pages now and then. */
async function costOf(call: string): Promise<{ blocks: number; walBytes: number }> {
  const costs: { blocks: number; walBytes: number }[] = [];
  for (let time = 0; time < 12; time += 1) {
    const [row] = await sql.unsafe(`EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON) SELECT ${call}`);
    const [{ Plan: plan }] = Explained.parse(row!['QUERY PLAN']);
    costs.push({
      blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      walBytes: plan['WAL Bytes'],
    });
  }
  return {
    blocks: Math.min(...costs.map(({ blocks }) => blocks)),
    walBytes: Math.min(...costs.map(({ walBytes }) => walBytes)),
  };
}

/** A group of so many; who speaks in it is its owner. */
async function groupOf(count: number): Promise<{ conversationId: string; ann: string }> {
  const [ann = ''] = await users(sql, 'ann');
  const conversationId = await group(sql, ann);
  const prefix = `member-${count}-`;
  await sql`
    INSERT INTO users (id, name, shard) SELECT ${prefix} || n, 'Member', 0 FROM generate_series(2, ${count}::int) n`;
  await sql`
    INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
    SELECT ${conversationId}, ${prefix} || n, 'member', 1, 0, 0 FROM generate_series(2, ${count}::int) n`;
  await sql`UPDATE conversations SET member_count = ${count} WHERE id = ${conversationId}`;
  return { conversationId, ann };
}

const send = ({ conversationId, ann }: Awaited<ReturnType<typeof groupOf>>): string =>
  `send_message('${conversationId}', '${ann}', gen_random_uuid()::text, gen_random_uuid(), 'text', 'hello',
    NULL, NULL, NULL)`;

/** The same with a counter of unread messages that is kept for each member. */
const COUNTING = `
  CREATE FUNCTION count_for_each(p_conversation uuid, p_sent jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE members SET last_delivered_seq = last_delivered_seq + 1 WHERE conversation_id = p_conversation;
    RETURN p_sent;
  END $$`;

test('a send to ten thousand costs the API what a send to ten costs, and with a counter for each it would not', async () => {
  const [ten, tenThousand] = [await groupOf(10), await groupOf(10_000)];
  await sql`VACUUM ANALYZE`;
  const small = await costOf(send(ten));
  const large = await costOf(send(tenThousand));
  console.log('a send to ten and to ten thousand:', small, large);
  // An index of ten thousand is a level or two deeper.
  expect(large.blocks).toBeLessThan(small.blocks * 1.5);
  expect(large.walBytes).toBeLessThan(small.walBytes * 1.5);

  await sql.unsafe(COUNTING);
  const counting = (place: typeof ten) =>
    costOf(`count_for_each('${place.conversationId}', ${send(place)})`);
  const counted = await counting(tenThousand);
  expect(counted.blocks).toBeGreaterThan((await counting(ten)).blocks * 50);
}, 60_000);
