import postgres from 'postgres';
import { expect, test } from 'vitest';

import { claimPage } from '../../../core/outbox/claim-page.ts';
import { databaseForFile } from '../../harness/in-file.ts';

const database = await databaseForFile();
const { sql } = database;

test('a page cut by its bytes says that more is waiting, also where a letter has three of them', async () => {
  await sql`
    INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
    SELECT 3, 'event', 'ann', gen_random_uuid(), 'e', 'subject', to_json(repeat('語', 700))
    FROM generate_series(1, 2)`;
  const page = await sql.begin((tx) => claimPage(tx, 3, { rows: 400, bytes: 2_500 }));
  expect(page).toMatchObject({ state: 'claimed', full: true });
  expect(page.state === 'claimed' && page.rows).toHaveLength(1);
});

test('the lock is asked for before the rows are read, on one connection', async () => {
  const statements: string[] = [];
  const watched = postgres(database.url, {
    max: 1,
    debug: (_connection, query) => void statements.push(query),
  });
  await watched.begin((tx) => claimPage(tx, 3, { rows: 400, bytes: 2_500 }));
  await watched.end();
  const first = (words: string): number => statements.findIndex((query) => query.includes(words));
  expect(first('pg_try_advisory_xact_lock')).toBeGreaterThan(-1);
  expect(first('FROM outbox')).toBeGreaterThan(first('pg_try_advisory_xact_lock'));
});
