import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { SHARDS } from '../../core/outbox/shards.ts';
import { cleanEnvironment } from '../../embedded/clean-environment.ts';
import { QUICK_NODE } from '../../embedded/quick-node.ts';
import { databaseForFile, emptyDatabaseForFile } from '../harness/in-file.ts';

const MIGRATE = fileURLToPath(new URL('../../migrations/migrate.ts', import.meta.url));

async function migrateInAProcess(
  env: Record<string, string>,
): Promise<{ code: number; words: string }> {
  const child = spawn(process.execPath, [...QUICK_NODE.args, MIGRATE], {
    env: cleanEnvironment({ ...QUICK_NODE.env, ...env }),
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code: code as number, words };
}

describe('migrations', async () => {
  const { url, sql } = await emptyDatabaseForFile();

  it('bring an empty database up to date when four processes try at once, and again afterwards', async () => {
    const four = await Promise.all(
      [1, 2, 3, 4].map(() => migrateInAProcess({ DATABASE_URL: url })),
    );
    expect(four).toEqual([1, 2, 3, 4].map(() => ({ code: 0, words: '' })));
    const [{ before } = {}] =
      await sql`SELECT count(*)::int AS before FROM drizzle.__drizzle_migrations`;

    expect(await migrateInAProcess({ DATABASE_URL: url })).toEqual({ code: 0, words: '' });
    const [{ after } = {}] =
      await sql`SELECT count(*)::int AS after FROM drizzle.__drizzle_migrations`;
    expect(after).toBe(before);
  }, 60_000);

  it('say what is wrong with the environment and end with 2', async () => {
    const { code, words } = await migrateInAProcess({ DATABASE_URL: 'mysql://somewhere' });
    expect(code).toBe(2);
    expect(words).toContain('DATABASE_URL');
  });
});

describe('the schema', async () => {
  const { sql } = await databaseForFile();

  it('has a row in shards for each of the shards that the code knows', async () => {
    const rows = await sql`SELECT shard FROM shards ORDER BY shard`;
    expect(rows.map(({ shard }) => shard as number)).toEqual(
      Array.from({ length: SHARDS }, (_, shard) => shard),
    );
  });

  it('takes deliveries of a day over whose partition comes late, and forgets old ones', async () => {
    const at = async (days: number, eventId: string) => sql`
      INSERT INTO deliveries (event_id, shard, attempts, worker, committed_at, acknowledged_at)
      SELECT ${eventId}, 0, 1, 'w', t, t
      FROM (SELECT clock_timestamp() + ${days} * interval '1 day' AS t) moment`;
    const [late, old] = [randomUUID(), randomUUID()];
    await at(5, late);
    await at(-30, old);
    expect(await sql`SELECT FROM deliveries_default`).toHaveLength(2);
    await sql`SELECT keep_deliveries(6, 7)`;
    expect(await sql`SELECT FROM deliveries_default`).toHaveLength(0);
    expect(await sql`SELECT FROM deliveries WHERE event_id = ${late}`).toHaveLength(1);
    expect(await sql`SELECT FROM deliveries WHERE event_id = ${old}`).toHaveLength(0);
    await sql`SELECT keep_deliveries(6, 7)`;
  });

  it('gives every key one of the shards', async () => {
    const [range] = await sql`
      SELECT min(shard_of(n::text))::int AS low, max(shard_of(n::text))::int AS high
      FROM generate_series(1, 1000) n`;
    expect(range).toEqual({ low: 0, high: SHARDS - 1 });
  });

  describe('refuses outbox rows that could not be delivered', () => {
    const sound = {
      shard: 0,
      kind: 'event',
      conversation_id: randomUUID(),
      ev: 1,
      subject: null,
      event_id: randomUUID(),
      epoch: '1.1.0',
      payload: '{}',
      audience: 'members',
      audience_payload: '{}',
    };
    const insert = (change: object) =>
      sql`INSERT INTO outbox ${sql({ ...sound, ...change })} RETURNING kind`;

    it('and takes a sound one', async () => {
      expect(await insert({})).toHaveLength(1);
      expect(await insert({ payload: null })).toHaveLength(1);
      const control = {
        kind: 'unsubscribe',
        payload: null,
        audience: null,
        audience_payload: null,
      };
      expect(await insert({ ...control, subject: 'ann' })).toHaveLength(1);
    });

    it.each([
      ['a payload without a number', 'outbox_payload_is_numbered', { ev: null }],
      ['a payload without a conversation', 'outbox_payload_is_numbered', { conversation_id: null }],
      [
        'an audience without words for it',
        'outbox_audience_has_payload',
        { audience_payload: null },
      ],
      ['words for no audience', 'outbox_audience_has_payload', { audience: null, subject: 'ann' }],
      ['an audience that nobody knows', 'outbox_audience', { audience: 'everybody' }],
      ['a kind that nobody knows', 'outbox_kind', { kind: 'shout' }],
      [
        'an event that says nothing',
        'outbox_says_something',
        { payload: null, audience: null, audience_payload: null, subject: 'ann' },
      ],
      ['an audience of one without that one', 'outbox_subject', { audience: 'subject' }],
      ['a payload above 256 KiB', 'outbox_payload_fits', { payload: 'x'.repeat(262_145) }],
      [
        'an announcement above 64 KiB',
        'outbox_payload_fits',
        { audience_payload: 'x'.repeat(65_537) },
      ],
      [
        'a payload above 256 KiB in fewer characters',
        'outbox_payload_fits',
        { payload: 'é'.repeat(131_073) },
      ],
    ])('such as %s', async (_, constraint, change) => {
      await expect(insert(change)).rejects.toMatchObject({
        code: '23514',
        constraint_name: constraint,
      });
    });
  });
});
