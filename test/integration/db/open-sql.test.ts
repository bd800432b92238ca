import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, expect, test } from 'vitest';

import { openSql } from '../../../core/db/open-sql.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import { until } from '../../harness/until.ts';

const database = await databaseForFile();
const ROUNDS = 10;
const AT_ONCE = 16;

test('connections that are ended while they are busy or being opened harm nothing but their own statements', async () => {
  const victim = openSql({
    url: database.url,
    applicationName: 'victim',
    maxConnections: AT_ONCE,
  });
  afterAll(() => victim.close());
  const { sql } = victim;
  let answered = 0;
  let failed = 0;
  const stop = new AbortController();
  const busy = Array.from({ length: 4 * AT_ONCE }, async () => {
    while (!stop.signal.aborted) {
      try {
        await sql`SELECT ${'x'}::text`;
        answered += 1;
      } catch {
        failed += 1;
        await sleep(10);
      }
    }
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(100);
    await database.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`;
  }
  stop.abort();
  await Promise.all(busy);
  expect(answered).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);

  // All of them work again: none is waited for in vain.
  const pids = await Promise.all(
    Array.from({ length: AT_ONCE }, () => sql`SELECT pg_backend_pid() AS pid, pg_sleep(0.2)`),
  );
  expect(new Set(pids.map(([row]) => row!['pid'])).size).toBe(AT_ONCE);
});

test('a connection that ended in the middle of an answer gives the next one whole', async () => {
  const one = openSql({ url: database.url, applicationName: 'half', maxConnections: 1 });
  afterAll(() => one.close());
  // More than the server keeps before it sends, row by row.
  const half = one.sql`SELECT repeat('x', 10000), pg_sleep(0.02) FROM generate_series(1, 200)`;
  const ended = half.then(
    () => 'answered',
    ({ message }: Error) => message,
  );
  const pid = async (): Promise<unknown> => {
    const [row] = await database.sql`
      SELECT pid FROM pg_stat_activity
      WHERE application_name = 'half' AND query LIKE 'SELECT repeat%' AND now() - query_start > '0.4 s'`;
    return row?.['pid'];
  };
  await until(async () => (await pid()) !== undefined, {
    timeoutMs: 5_000,
    what: 'the answer to be on its way',
  });
  await database.sql`SELECT pg_terminate_backend(${Number(await pid())})`;
  expect(await ended).toMatch(/terminating connection|CONNECTION_CLOSED/);
  expect([...(await one.sql`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
  expect([...(await one.sql`SELECT 2 AS two`)]).toEqual([{ two: 2 }]);
});

test('what is asked while a connection falls does not go down with it', async () => {
  const url = new URL(database.url);
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  afterAll(() => proxy.close());
  url.host = `127.0.0.1:${proxy.port}`;
  const reset = openSql({ url: url.href, applicationName: 'reset', maxConnections: 1 });
  afterAll(() => reset.close());
  await reset.sql`SELECT 0 AS zero`;
  proxy.swallowAnswerTo('unheard');
  // Asked at once, between the error of the socket and its end.
  const again = await reset.sql`SELECT 'unheard'`.catch(() => reset.sql`SELECT 1 AS one`);
  expect([...again]).toEqual([{ one: 1 }]);
  expect([...(await reset.sql`SELECT 2 AS two`)]).toEqual([{ two: 2 }]);
});

test('a new connection asks nothing before what it was opened for', async () => {
  const url = new URL(database.url);
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  afterAll(() => proxy.close());
  url.host = `127.0.0.1:${proxy.port}`;
  const quiet = openSql({ url: url.href, applicationName: 'quiet', maxConnections: 1 });
  afterAll(() => quiet.close());
  // With `fetch_types` this is how postgres.js begins; when it fails then, the process ends.
  proxy.swallowAnswerTo('pg_type');
  expect(await quiet.sql`SELECT 1 AS one`).toMatchObject([{ one: 1 }]);
});
