import { afterAll, expect, test } from 'vitest';

import { openSql } from '../../../core/db/open-sql.ts';
import { transaction, TransactionLost } from '../../../core/db/transaction.ts';
import { databaseForFile } from '../../harness/in-file.ts';

const database = await databaseForFile();
const lost = openSql({ url: database.url, applicationName: 'lost', maxConnections: 2 });
afterAll(() => lost.close());
const { sql } = lost;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const kept = async (): Promise<number> => {
  const rows = await database.sql`SELECT FROM contacts`;
  return rows.length;
};
await database.sql`INSERT INTO users (id, name, shard) VALUES ('ann', 'Ann', 1), ('ben', 'Ben', 1)`;
const pairs = () => ['ann', 'ben'] as const;

test('keeps what its statements wrote, and gives the result of the work', async () => {
  const [user, contact] = pairs();
  const result = await transaction(sql, async (tx) => {
    await tx`INSERT INTO contacts (user_id, contact_id) VALUES (${user}, ${contact})`;
    return 'done';
  });
  expect(result).toBe('done');
  expect(await kept()).toBe(1);
});

test('gives the fault of the work, and keeps nothing', async () => {
  const [contact, user] = pairs();
  const working = transaction(sql, async (tx) => {
    await tx`INSERT INTO contacts (user_id, contact_id) VALUES (${user}, ${contact})`;
    throw new Error('no');
  });
  await expect(working).rejects.toThrow('no');
  expect(await kept()).toBe(1);
});

test('a connection that dies between two statements ends the work there, not the process', async () => {
  const [contact, user] = pairs();
  const heard = Promise.withResolvers<unknown>();
  const working = transaction(sql, async (tx) => {
    const [own] = await tx`SELECT pg_backend_pid() AS pid`;
    await database.sql`SELECT pg_terminate_backend(${own!['pid']})`;
    await pause(100);
    try {
      await tx`INSERT INTO contacts (user_id, contact_id) VALUES (${user}, ${contact})`;
    } catch (error) {
      heard.resolve(error);
      throw error;
    }
  });
  await expect(working).rejects.toThrow(/CONNECTION_CLOSED|terminating connection/);
  expect(await heard.promise).toBeInstanceOf(TransactionLost);
  // Long enough for a ROLLBACK to be sent to wherever it should not go.
  await pause(100);
  expect(await kept()).toBe(1);
  expect(await sql`SELECT 1 AS one`).toMatchObject([{ one: 1 }]);
});
