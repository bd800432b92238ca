import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from 'vitest';

import type { Sql } from '../../../core/db/database.ts';
import { openSql } from '../../../core/db/open-sql.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { freshView, syncingView } from '../chat/sync-view.ts';

const { sql, url } = await databaseForFile();

/** What a cursor of another kind finds: the conversations behind it. */
type Cursor = { next: () => Promise<string[]> };

/** Behind the greatest number seen so far, as a bigserial is often used. */
function byNumber(userId: string): Cursor {
  let seen = '0';
  return {
    next: async () => {
      const rows = await sql`
        SELECT o.id, o.conversation_id FROM outbox o JOIN members m USING (conversation_id)
        WHERE m.user_id = ${userId} AND o.id > ${seen}::bigint ORDER BY o.id`;
      seen = String(rows.at(-1)?.['id'] ?? seen);
      return rows.map((row) => row['conversation_id'] as string);
    },
  };
}

/** Behind the latest change seen so far, as an updated_at is often used. */
function byTime(userId: string): Cursor {
  let seen = '-infinity';
  return {
    next: async () => {
      const rows = await sql`
        SELECT c.id, c.last_active_at::text AS at FROM conversations c
        JOIN members m ON m.conversation_id = c.id
        WHERE m.user_id = ${userId} AND c.last_active_at > ${seen}::text::timestamptz ORDER BY at`;
      seen = (rows.at(-1)?.['at'] as string | undefined) ?? seen;
      return rows.map((row) => row['id'] as string);
    },
  };
}

/** Says something in a transaction that stays open until it is told otherwise. */
async function sayAndHold(conversationId: string, senderId: string) {
  const said = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const over = sql.begin(async (transaction) => {
    await say(transaction as unknown as Sql, { conversationId, senderId });
    said.resolve();
    await mayCommit.promise;
  });
  await said.promise;
  return {
    commit: async () => {
      mayCommit.resolve();
      await over;
    },
  };
}

it('passes over nobody who wrote early and committed late; numbers and times do', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const slow = await group(sql, ann, ben);
  const quick = await group(sql, ann, ben);
  const cursors = {
    sync: syncingView(sql, ben),
    number: byNumber(ben),
    time: byTime(ben),
  };
  for (const { next } of Object.values(cursors)) await next();

  const held = await sayAndHold(slow, ann);
  await say(sql, { conversationId: quick, senderId: ann });
  for (const { next } of Object.values(cursors)) expect(await next()).toContain(quick);
  await held.commit();

  expect(await cursors.number.next()).toEqual([]);
  expect(await cursors.time.next()).toEqual([]);
  expect(await cursors.sync.next()).toContain(slow);
  expect(cursors.sync.view).toEqual(await freshView(sql, ben));
});

it('misses nothing while many write and hold their transactions for as long as they like', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const groups = await Promise.all(Array.from({ length: 12 }, () => group(sql, ann, ben)));
  const reader = syncingView(sql, ben);
  const missing = { number: byNumber(ben), time: byTime(ben) };
  const heard = { number: new Map<string, number>(), time: new Map<string, number>() };
  const writers = groups.map((conversationId, place) => writeAndHold(conversationId, ann, place));
  const written = Promise.all(writers).then(() => true);
  for (let over = false; !over;) {
    over = await Promise.race([written, pause(5, false)]);
    await reader.next();
    for (const kind of ['number', 'time'] as const) {
      for (const id of await missing[kind].next()) {
        heard[kind].set(id, (heard[kind].get(id) ?? 0) + 1);
      }
    }
  }
  await reader.next();
  expect(reader.view).toEqual(await freshView(sql, ben));
  // Each message has an outbox row of its own: by numbers fewer of them were met than there are.
  const [row] = await sql`SELECT count(*)::int AS rows FROM outbox JOIN members m
    USING (conversation_id) WHERE m.user_id = ${ben}`;
  const met = [...heard.number.values()].reduce((sum, count) => sum + count, 0);
  expect(met).toBeLessThan(row!['rows'] as number);
});

async function writeAndHold(conversationId: string, senderId: string, place: number) {
  const own = openSql({ url, applicationName: 'writer', maxConnections: 1 });
  for (let n = 0; n < 30; n += 1) {
    await own.sql.begin(async (transaction) => {
      await say(transaction as unknown as Sql, { conversationId, senderId });
      await pause((place * 7 + n * 13) % 31);
    });
  }
  await own.close();
}
