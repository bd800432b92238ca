import { expect, test } from 'vitest';

import { listConversations } from '../../../core/chat/list-conversations.ts';
import { unread } from '../../../core/chat/unread.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { users } from './people-in-sql.ts';

const CONVERSATIONS = 500;
const MESSAGES = 1_500;

const { sql } = await databaseForFile();

/** Of every fifty messages one is of the system and one was deleted. */
async function talkMuch(speaker: string, listener: string): Promise<void> {
  await sql`
    INSERT INTO conversations (id, kind, title, last_seq, ev, member_count, shard, created_by)
    SELECT gen_random_uuid(), 'group', 'A group', ${MESSAGES}, ${MESSAGES}, 2, 0, ${speaker}
    FROM generate_series(1, ${CONVERSATIONS}::int)`;
  await sql`
    INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
    SELECT id, u, 'member', 1, 0, 0 FROM conversations, unnest(ARRAY[${speaker}::text, ${listener}]) u`;
  await sql.begin(async (filling) => {
    // So many rows take most of their time to look up what they refer to, which is there.
    await filling`SET LOCAL session_replication_role = replica`;
    await filling`
      INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
        created_at, deleted_at, sent_ev, ev)
      SELECT c.id, n, (lpad(to_hex(c.place), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${speaker}, n::text, '',
        CASE WHEN n % 50 = 0 THEN 'system' ELSE 'text' END, 'hello', clock_timestamp(),
        CASE WHEN n % 50 = 1 THEN clock_timestamp() END, n, n
      FROM (SELECT id, row_number() OVER () AS place FROM conversations) c,
        generate_series(1, ${MESSAGES}::int) n`;
  });
  await sql`VACUUM ANALYZE`;
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

test('a list of 500 conversations with all that it shows costs less than a tenth of counting their unread messages', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  await talkMuch(ann, ben);

  let counted: readonly Record<string, unknown>[] = [];
  // What the subtraction spares: to look at each message that came since. Whether one counts stands in the message alone,
  // so not even an index could tell; the subtraction looks at those that do not count, which have an index of their own.
  const countMs = await took(async () => {
    counted = await sql`
      SELECT m.conversation_id AS id, (
        SELECT count(*)::int FROM messages g
        WHERE g.conversation_id = m.conversation_id AND g.seq > m.last_read_seq
          AND g.deleted_at IS NULL AND g.type <> 'system') AS count
      FROM members m WHERE m.user_id = ${ben} AND m.left_ev IS NULL`;
  });
  const listed = () => listConversations(sql, { userId: ben, limit: CONVERSATIONS });
  const all = await listed();
  const times = [await took(listed), await took(listed), await took(listed)];
  const listMs = Math.min(...times);
  const unreadMs = Math.min(await took(() => unread(sql, ben)), await took(() => unread(sql, ben)));
  console.log(
    `counting ${countMs.toFixed(0)} ms, the list ${listMs.toFixed(0)} ms, its counts alone ${unreadMs.toFixed(0)} ms`,
  );

  expect(all).toHaveLength(CONVERSATIONS);
  const shown = new Map(all.map(({ conversation: c }) => [c.id, c.unreadCount]));
  expect(counted.map(({ id, count }) => [id, count])).toEqual(
    counted.map(({ id }) => [id, shown.get(id as string)]),
  );
  expect(listMs).toBeLessThanOrEqual(countMs / 10);
  expect(unreadMs).toBeLessThanOrEqual(countMs / 10);
}, 120_000);
