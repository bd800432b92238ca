import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as migrateTables } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { expect, it, onTestFinished } from 'vitest';

import { sqlState } from '../../core/db/call.ts';
import { migrate } from '../../migrations/migrate.ts';
import { createEmptyDatabase } from '../harness/database.ts';
import { sharedServers } from '../harness/in-file.ts';
import { until } from '../harness/until.ts';

const SQL_FOLDER = new URL('../../migrations/sql', import.meta.url).pathname;

/** A database as the version before the whole chat left it. */
async function databaseOfBefore() {
  const database = await createEmptyDatabase(sharedServers().postgres);
  onTestFinished(() => database.drop());
  const folder = await mkdtemp(join(tmpdir(), 'rov-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(SQL_FOLDER, folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const written = JSON.parse(await readFile(journal, 'utf8')) as { entries: unknown[] };
  await writeFile(journal, JSON.stringify({ ...written, entries: written.entries.slice(0, 6) }));
  const client = postgres(database.url, { max: 1, onnotice: () => undefined });
  await migrateTables(drizzle(client), { migrationsFolder: folder });
  await client.end();
  return database;
}

it('a migration that meets a write in the other order of locks comes through all the same, and numbers what was said before', async () => {
  const { url, sql } = await databaseOfBefore();
  const conversationId = randomUUID();
  await sql`INSERT INTO users (id, name, shard) VALUES ('ann', 'Ann', 0)`;
  await sql`
    INSERT INTO conversations (id, kind, title, member_count, shard, created_by, client_id, fingerprint, ev, last_seq)
    VALUES (${conversationId}, 'group', 'A group', 1, 0, 'ann', ${randomUUID()}, '\\x00', 5, 2)`;
  await sql`
    INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content, created_at)
    SELECT ${conversationId}, n, gen_random_uuid(), 'ann', gen_random_uuid(), '\\x00', 'text', 'hello', now()
    FROM generate_series(1, 2) n`;

  let migrating: Promise<void> | undefined;
  const sending = sql
    .begin(async (tx) => {
      await tx`SELECT FROM conversations WHERE id = ${conversationId} FOR UPDATE`;
      migrating = migrate(url);
      migrating.catch(() => undefined);
      await until(
        async () => {
          const [row] = await sql`
          SELECT count(*)::int AS waiting FROM pg_locks l JOIN pg_database d ON d.oid = l.database
          WHERE d.datname = current_database() AND NOT granted AND mode = 'AccessExclusiveLock'`;
          return row?.['waiting'] === 1;
        },
        { timeoutMs: 5_000, what: 'a migration that waits' },
      );
      await tx`
        INSERT INTO outbox (shard, kind, conversation_id, subject, event_id, epoch)
        VALUES (0, 'unsubscribe', ${conversationId}, 'ann', ${randomUUID()}, '1')`;
    })
    .then(() => 'written', sqlState);
  // Postgres may as well have ended this one.
  expect(['written', '40P01']).toContain(await sending);
  await migrating;
  expect(await sql`SELECT seq::int, ev::int FROM messages ORDER BY seq`).toEqual([
    { seq: 1, ev: 4 },
    { seq: 2, ev: 5 },
  ]);
}, 30_000);
