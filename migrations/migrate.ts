import { readFile } from 'node:fs/promises';

import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as migrateTables } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as z from 'zod';

import { ConfigError, databaseUrl, parseEnvironment } from '../core/config.ts';
import { tryAgain } from '../core/ops/try-again.ts';

/** In this order, because functions written in SQL name others that must be there already. */
const FUNCTIONS = [
  'db/values',
  'db/changed-xid',
  'outbox/event-frame',
  'outbox/announce-resync',
  'outbox/announce-again',
  'outbox/hold-shard',
  'outbox/settle',
  'outbox/keep-deliveries',
  'chat/message-json',
  'chat/change-message',
  'chat/tell-message',
  'chat/system-message',
  'chat/send-message',
  'chat/edit-message',
  'chat/delete-message',
  'chat/react',
  'chat/open-direct',
  'chat/create-group',
  'chat/add-members',
  'chat/remove-member',
  'chat/unread-count',
  'chat/announce-receipt',
  'chat/receipts-of-others',
  'chat/unsubscribe-again',
  'chat/change-role',
  'chat/update-conversation',
  'chat/mark-read',
  'chat/conversation-json',
  'chat/mark-unread',
  'chat/report-delivered',
  'presence/presence',
  'chat/sync',
  'people/sign-out',
  'ops/deed',
  'ops/lock-open-letters',
  'ops/dismiss',
  'ops/redrive',
  'ops/resync',
  'ops/pause',
  'ops/access',
  'ops/restored',
  'ops/audit',
];

const MIGRATION_LOCK = 0x726f766d;

/**
 * Brings a database to the present tables and functions. Several processes may do so at once: the others
 * wait for the first and find nothing left to do.
 */
export async function migrate(url: string): Promise<void> {
  // One connection, so that the lock and the work share a session. Drizzle rewires the client it gets.
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await client`SELECT pg_advisory_lock(${MIGRATION_LOCK})`;
    const database = drizzle(client);
    const migrationsFolder = new URL('sql', import.meta.url).pathname;
    // Processes that go on meanwhile lock the same tables in another order, and a deadlock may end either side.
    await tryAgain(() => migrateTables(database, { migrationsFolder }));
    const functions = await Promise.all(
      FUNCTIONS.map((name) => readFile(new URL(`../core/${name}.sql`, import.meta.url), 'utf8')),
    );
    await tryAgain(() => client.begin((tx) => tx.unsafe(functions.join('\n')).simple()));
    await client`SELECT keep_deliveries(2, 7)`;
  } finally {
    await client.end({ timeout: 5 });
  }
}

if (import.meta.main) {
  try {
    const { DATABASE_URL } = parseEnvironment(z.object({ DATABASE_URL: databaseUrl }), process.env);
    await migrate(DATABASE_URL);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
