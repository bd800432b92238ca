import { setTimeout as sleep } from 'node:timers/promises';

import postgres from 'postgres';

import type { TestDatabase } from '../../harness/database.ts';
import { until } from '../../harness/until.ts';

type Sql = TestDatabase['sql'];

/** The backends that serve APIs and workers. */
export async function doorBackends(sql: Sql | postgres.ReservedSql): Promise<number[]> {
  const rows = await sql`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name IN ('rov-api', 'rov worker')`;
  return rows.map(({ pid }) => pid as number);
}

export async function terminate(
  sql: Sql | postgres.ReservedSql,
  pids: readonly number[],
): Promise<number> {
  const ended =
    await sql`SELECT FROM unnest(${[...pids]}::int[]) pid WHERE pg_terminate_backend(pid)`;
  return ended.length;
}

const AGAIN_MS = 100;

/**
 * Takes every connection that the server has to give, ends those of APIs and workers and takes them as well, does the
 * work, and gives all of them back.
 */
export async function exhaust(
  { sql, url }: TestDatabase,
  work: () => Promise<void>,
): Promise<{ ended: number; shutOut: number }> {
  // Its own, before there is none to be had.
  const own = await sql.reserve();
  const [free] = await own`
    SELECT current_setting('max_connections')::int - count(*)::int AS places
    FROM pg_stat_activity WHERE backend_type = 'client backend'`;
  const doors = await doorBackends(own);
  const places = (free!['places'] as number) + doors.length;
  const hoard = Array.from({ length: places }, () =>
    postgres(url, { max: 1, max_lifetime: null, onnotice: () => undefined }),
  );
  const over = new AbortController();
  let held = 0;
  let full = 0;
  const take = async (connection: Sql): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        await connection`SELECT 1`;
        held += 1;
        return;
      } catch {
        full += 1;
        await sleep(AGAIN_MS);
      }
    }
  };
  const taking = Promise.all(hoard.map(take));
  try {
    await until(() => held >= places - doors.length || full > 0, {
      timeoutMs: 10_000,
      what: 'the last free place to be taken',
    });
    const ended = await terminate(own, doors);
    await work();
    const back = (await doorBackends(own)).length;
    return { ended, shutOut: Math.max(0, ended - back) };
  } finally {
    over.abort();
    own.release();
    await taking;
    await Promise.all(hoard.map((connection) => connection.end({ timeout: 1 })));
  }
}
