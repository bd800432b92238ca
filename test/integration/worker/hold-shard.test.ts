import { afterAll, describe, expect, test } from 'vitest';

import type { Sql } from '../../../core/db/database.ts';
import { openOwnConnections } from '../../../core/db/own-connections.ts';
import { releaseShard, takeShard } from '../../../core/outbox/hold-shard.ts';
import { readPage } from '../../../core/outbox/read-page.ts';
import { settle } from '../../../core/outbox/settle.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';

const database = await databaseForFile();
const { sql } = database;
const connections = openOwnConnections({ url: database.url, applicationName: 'holders' });
afterAll(() => connections.close());

const bounds = { rows: 400, bytes: 1_000_000, listeners: 20_000 };

async function rowsIn(shard: number, count: number): Promise<number[]> {
  const rows = await sql`
    INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
    SELECT ${shard}, 'event', 'ann', gen_random_uuid(), 'e', 'subject', '{}'
    FROM generate_series(1, ${count}::int) RETURNING id`;
  return rows.map(({ id }) => Number(id));
}

const take = (own: Sql, shard: number, holder: string, doubted = false) =>
  takeShard(own, { shard, holder, doubted, rows: 2 });

const stateOf = async (shard: number) =>
  (
    await sql`
      SELECT holder, ambiguous_through::int AS doubted, floor::int, floor_next::int AS next
      FROM shards WHERE shard = ${shard}`
  )[0];

describe('a shard', () => {
  test('is taken by one at a time, and by none where nothing waits', async () => {
    await connections.use(async (one) => {
      expect(await take(one, 0, 'one')).toBe('empty');
      await rowsIn(0, 1);
      expect(await take(one, 0, 'one')).toBe('taken');
      await connections.use(async (two) => {
        expect(await take(two, 0, 'two')).toBe('busy');
        await releaseShard(one, 0);
        expect(await take(two, 0, 'two')).toBe('taken');
        await releaseShard(two, 0);
      });
    });
  });

  test('comes free with the connection of a drain that failed', async () => {
    await rowsIn(1, 1);
    const failed = connections.use(async (one) => {
      expect(await take(one, 1, 'one')).toBe('taken');
      throw new Error('in the middle');
    });
    await expect(failed).rejects.toThrow('in the middle');
    await until(() => connections.use(async (two) => (await take(two, 1, 'two')) === 'taken'), {
      timeoutMs: 5_000,
      what: 'the shard to come free',
    });
  });

  test('comes free four seconds after its drain fell silent', async () => {
    await rowsIn(2, 1);
    await connections.use(async (one) => {
      expect(await take(one, 2, 'one')).toBe('taken');
      const began = performance.now();
      await until(
        () =>
          connections.use(async (two) => {
            if ((await take(two, 2, 'two')) !== 'taken') return false;
            await releaseShard(two, 2);
            return true;
          }),
        { timeoutMs: 10_000, what: 'the shard to come free' },
      );
      expect(performance.now() - began).toBeGreaterThan(3_500);
    });
  });

  test('found with the name of another in it has a page in doubt: as many rows as two pages', async () => {
    const ids = await rowsIn(3, 6);
    await connections.use(async (one) => {
      expect(await take(one, 3, 'died')).toBe('taken');
      await releaseShard(one, 3);
    });
    expect(await stateOf(3)).toMatchObject({ holder: 'died', doubted: null });
    await connections.use(async (two) => {
      expect(await take(two, 3, 'successor')).toBe('taken');
      await releaseShard(two, 3);
    });
    expect(await stateOf(3)).toMatchObject({ holder: 'successor', doubted: ids[3] });
  });

  test('left in good order is in no doubt', async () => {
    const ids = await rowsIn(4, 2);
    await connections.use(async (one) => {
      await take(one, 4, 'one');
      const page = await readPage(one, { shard: 4, bounds });
      const by = { shard: 4, worker: 'w', holder: 'one', seen: page.seen };
      const rows = ids.map((id) => ({ id }));
      const answer = await settle(one, {
        ...by,
        rows,
        through: ids.at(-1),
        last: true,
        deaf: false,
      });
      expect(answer).toEqual({ announced: false, holds: true });
      await releaseShard(one, 4);
      expect(await settle(one, { ...by, rows: [], last: true, deaf: false })).toMatchObject({
        holds: false,
      });
    });
    expect(await stateOf(4)).toMatchObject({ holder: null, doubted: null });
  });
});

test('a drain whose session was ended goes no further than its page', async () => {
  const ids = await rowsIn(4, 1);
  await connections.use(async (one) => {
    expect(await take(one, 4, 'one')).toBe('taken');
    const [session] = await one`SELECT pg_backend_pid() AS pid`;
    await sql`SELECT pg_terminate_backend(${session!['pid'] as number}, 5000)`;
    // Whether the loss was noticed before this or is noticed by it.
    await one`SELECT`.catch(() => undefined);
    const page = { shard: 4, worker: 'w', holder: 'one', rows: [{ id: ids[0]! }], seen: null };
    expect(await settle(one, { ...page, last: false, deaf: false })).toEqual({
      announced: false,
      holds: false,
    });
  });
  expect(await sql`SELECT FROM outbox WHERE id = ${ids[0]!}`).toHaveLength(0);
});

describe('the floor of a shard', () => {
  /** What a drain does with a page of which everything was acknowledged. */
  async function drainPage(shard: number): Promise<number[]> {
    const page = await readPage(sql, { shard, bounds });
    const ids = page.rows.map(({ id }) => id);
    const by = { shard, worker: 'w', holder: 'h', last: true, deaf: false, seen: page.seen };
    await settle(sql, { ...by, rows: ids.map((id) => ({ id })), through: ids.at(-1) });
    return ids;
  }

  /** Of all databases of the server: the files beside this one write as well. */
  async function untilOlderTransactionsEnd(shard: number): Promise<void> {
    const haveEnded = async (): Promise<boolean> =>
      (
        await sql`
          SELECT FROM shards WHERE shard = ${shard}
            AND coalesce(pg_snapshot_xmin(pg_current_snapshot()) >= floor_gate, true)`
      ).length > 0;
    await until(haveEnded, { timeoutMs: 10_000, what: 'every older transaction to have ended' });
  }

  test('rises to what was settled once every older transaction has ended, and not before', async () => {
    const writing = await sql.reserve();
    await writing`BEGIN`;
    const [late] = await writing`
      INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
      VALUES (6, 'event', 'late', gen_random_uuid(), 'e', 'subject', '{}') RETURNING id`;
    const first = await rowsIn(6, 3);
    expect(first[0]).toBeGreaterThan(Number(late!['id']));
    expect(await drainPage(6)).toEqual(first);
    const second = await rowsIn(6, 2);
    expect(await drainPage(6)).toEqual(second);
    expect(await stateOf(6)).toMatchObject({ floor: 0, next: first.at(-1) });

    await writing`COMMIT`;
    writing.release();
    const third = await rowsIn(6, 1);
    await untilOlderTransactionsEnd(6);
    expect(await drainPage(6)).toEqual([Number(late!['id']), ...third]);
    expect(await stateOf(6)).toMatchObject({ floor: first.at(-1) });
    const fourth = await rowsIn(6, 1);
    await untilOlderTransactionsEnd(6);
    expect(await drainPage(6)).toEqual(fourth);
    expect(await stateOf(6)).toMatchObject({ floor: third[0] });
  });

  test('rises under a snapshot that is held open, which keeps every dead row in the index', async () => {
    const reading = await sql.reserve();
    await reading`BEGIN ISOLATION LEVEL REPEATABLE READ`;
    await reading`SELECT count(*) FROM outbox`;
    const settled: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      await rowsIn(5, 400);
      await untilOlderTransactionsEnd(5);
      settled.push(...(await drainPage(5)));
    }
    const scanned = async (from: string): Promise<number> => {
      const [plan] = await sql.unsafe(`
        EXPLAIN (ANALYZE, FORMAT JSON, BUFFERS)
        SELECT id FROM outbox WHERE shard = 5 AND id > ${from} ORDER BY id LIMIT 400`);
      return plan!['QUERY PLAN'][0].Plan['Shared Hit Blocks'] as number;
    };
    expect((await stateOf(5))!['floor']).toBeGreaterThan(settled[800]!);
    expect(await scanned('(SELECT floor FROM shards WHERE shard = 5)')).toBeLessThan(
      (await scanned('0')) / 2,
    );
    await reading`ROLLBACK`;
    reading.release();
  });

  test('is not raised by a page that was read before the gate opened', async () => {
    const first = await rowsIn(7, 2);
    const settled = await readPage(sql, { shard: 7, bounds });
    const writing = await sql.reserve();
    await writing`BEGIN`;
    const [late] = await writing`
      INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
      VALUES (7, 'event', 'late', gen_random_uuid(), 'e', 'subject', '{}') RETURNING id`;
    const above = await rowsIn(7, 1);
    const by = { shard: 7, worker: 'w', holder: 'h', last: true, deaf: false };
    const page = await readPage(sql, { shard: 7, bounds });
    await settle(sql, {
      ...by,
      rows: [...first, ...above].map((id) => ({ id })),
      through: above[0],
      seen: page.seen,
    });
    await writing`COMMIT`;
    writing.release();
    // A settle that comes late, of a drain that lost the shard, with what it had seen then.
    await settle(sql, { ...by, rows: [], through: above[0], seen: settled.seen });
    expect(await stateOf(7)).toMatchObject({ floor: 0 });
    expect(await drainPage(7)).toEqual([Number(late!['id'])]);
  });

  test('relies on every writer having a transaction before it takes an id', async () => {
    const writing = await sql.reserve();
    await writing`BEGIN`;
    const [row] = await writing`
      INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
      SELECT 0, 'event', 'ann', gen_random_uuid(), 'e', 'subject',
        coalesce(pg_current_xact_id_if_assigned()::text, 'none yet')
      RETURNING audience_payload AS seen`;
    await writing`ROLLBACK`;
    writing.release();
    expect(row!['seen']).toMatch(/^\d+$/);
  });
});
