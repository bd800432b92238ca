import { ChatChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { openDatabase } from '../../../core/db/database.ts';
import { readPage } from '../../../core/outbox/read-page.ts';
import { connect } from '../../../core/people/connections.ts';
import {
  lapsedPresence,
  lapsePresence,
  presenceOf,
  touchPresence,
  endPresence,
  announceWaitingPresence,
  choosePresence,
} from '../../../core/presence/presence.ts';
import { migrate } from '../../../migrations/migrate.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';
import { users } from '../chat/people-in-sql.ts';

const { sql, url } = await databaseForFile();
const LEASE_MS = 60_000;

const beat = (userId: string, sessionId: string, state: 'active' | 'idle') =>
  touchPresence(sql, { userId, sessionId, state, leaseMs: LEASE_MS, quietMs: 0 });

/** A heartbeat whose lease is over at once. */
const lastBeat = (userId: string, sessionId: string) =>
  touchPresence(sql, { userId, sessionId, state: 'active', leaseMs: 1, quietMs: 0 });

const untilLapsed = (userId: string) =>
  until(async () => (await lapsed(userId)) !== undefined, {
    timeoutMs: 5_000,
    what: 'the last lease to end',
  });

/** The announcements of a user's presence, oldest first. */
async function announced(userId: string) {
  const rows =
    await sql`SELECT audience, audience_payload FROM outbox WHERE subject = ${userId} ORDER BY id`;
  return rows.map((row) => {
    const event = ChatChannelEvent.parse(JSON.parse(row['audience_payload']));
    if (event.type !== 'presence') throw new Error(`a ${event.type}`);
    expect(row['audience']).toBe('contacts');
    return [event.status, event.version];
  });
}

async function lapsed(userId: string): Promise<number | undefined> {
  const all = await lapsedPresence(sql, { leaseMs: LEASE_MS, limit: 100 });
  return all.find((found) => found.userId === userId)?.lapsedMs;
}

describe('presence', () => {
  it('is the aggregate of a user’s tabs and is announced when it changes, only then', async () => {
    const [ann = ''] = await users(sql, 'ann');
    expect(await beat(ann, 'one', 'active')).toMatchObject({ status: 'online' });
    expect(await beat(ann, 'two', 'idle')).toMatchObject({ status: 'online', shard: null });
    expect(await beat(ann, 'one', 'active')).toMatchObject({ status: 'online', shard: null });
    expect(await beat(ann, 'one', 'idle')).toMatchObject({ status: 'away' });
    expect(await beat(ann, 'two', 'active')).toMatchObject({ status: 'online' });
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['away', 2],
      ['online', 3],
    ]);
  });

  it('says online once when twenty tabs open together', async () => {
    const [ann = ''] = await users(sql, 'ann');
    const beats = await Promise.all(
      Array.from({ length: 20 }, (_, tab) => beat(ann, `tab ${tab}`, 'active')),
    );
    expect(beats.filter(({ shard }) => shard !== null)).toHaveLength(1);
    expect(await announced(ann)).toEqual([['online', 1]]);
  });

  it('survives the goodbye of one of two tabs, and lapses after the second', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await beat(ann, 'one', 'active');
    await beat(ann, 'two', 'active');
    await endPresence(sql, { userId: ann, sessionId: 'one', graceMs: 0 });
    expect(await lapsed(ann)).toBeUndefined();
    await endPresence(sql, { userId: ann, sessionId: 'two', graceMs: 0 });
    await untilLapsed(ann);
    expect(await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 })).toBeTypeOf(
      'number',
    );
    expect(await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 })).toBeNull();
    expect(await lapsed(ann)).toBeUndefined();
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['offline', 2],
    ]);
  });

  it('lapses when the leases of two tabs that closed together are over', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await Promise.all([lastBeat(ann, 'one'), lastBeat(ann, 'two')]);
    await untilLapsed(ann);
    expect(await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 })).toBeTypeOf(
      'number',
    );
  });

  it('is left alone by a sweep when a tab came back meanwhile', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await lastBeat(ann, 'one');
    await untilLapsed(ann);
    await beat(ann, 'one', 'active');
    expect(await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 })).toBeNull();
    expect(await announced(ann)).toEqual([['online', 1]]);
  });

  it('gives everybody one fresh lease when Postgres has lost the sessions', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await lastBeat(ann, 'one');
    await sql`DELETE FROM presence_sessions WHERE user_id = ${ann}`;
    expect(await lapsed(ann)).toBeUndefined();
    expect(await beat(ann, 'one', 'active')).toMatchObject({ status: 'online', shard: null });
  });

  it('tells when somebody was last seen: at the last heartbeat, not at the sweep', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await lastBeat(ann, 'one');
    const [seen] =
      await sql`SELECT iso(beat_at) AS at FROM presence_sessions WHERE user_id = ${ann}`;
    await untilLapsed(ann);
    await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 });
    expect(await presenceOf(sql, { userId: ann, userIds: [ann] })).toEqual([
      { userId: ann, status: 'offline', lastSeenAt: seen!['at'], version: 2 },
    ]);
  });

  it('shows connections and oneself, and nobody else', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const database = openDatabase({ url, applicationName: 'test', maxConnections: 2 });
    await connect(database.orm, { userId: ann, otherId: ben });
    await database.close();
    await beat(ben, 'one', 'active');
    await beat(cem, 'one', 'active');
    const seen = await presenceOf(sql, { userId: ann, userIds: [ann, ben, cem] });
    expect(seen.map(({ userId, status }) => [userId, status])).toEqual([
      [ann, 'offline'],
      [ben, 'online'],
    ]);
  });
});

const choose = (userId: string, chosen: 'auto' | 'away' | 'invisible', quietMs = 0) =>
  choosePresence(sql, { userId, chosen, quietMs });

describe('what a user chooses to show', () => {
  it('is offline to others for who is invisible, seen last at that time, and the truth again afterwards', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await beat(ann, 'one', 'active');
    expect(await choose(ann, 'invisible')).toMatchObject({
      status: 'offline',
      chosen: 'invisible',
      shard: expect.any(Number),
    });
    const [before] = await presenceOf(sql, { userId: ann, userIds: [ann] });
    expect(await beat(ann, 'two', 'active')).toEqual({
      status: 'offline',
      chosen: 'invisible',
      shard: null,
    });
    expect(await beat(ann, 'two', 'idle')).toMatchObject({ status: 'offline', shard: null });
    expect(await presenceOf(sql, { userId: ann, userIds: [ann] })).toEqual([before]);
    await beat(ann, 'two', 'active');
    expect(await choose(ann, 'auto')).toMatchObject({ status: 'online', chosen: 'auto' });
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['offline', 2],
      ['online', 3],
    ]);
  });

  it('is never more than away for who chose that, on every device, and holds over a night', async () => {
    const [ann = ''] = await users(sql, 'ann');
    expect(await choose(ann, 'away')).toEqual({ status: 'offline', chosen: 'away', shard: null });
    expect(await beat(ann, 'one', 'active')).toMatchObject({ status: 'away', chosen: 'away' });
    await endPresence(sql, { userId: ann, sessionId: 'one', graceMs: 0 });
    await untilLapsed(ann);
    await lapsePresence(sql, { userId: ann, status: 'offline', quietMs: 0 });
    expect(await beat(ann, 'next day', 'active')).toMatchObject({ status: 'away', chosen: 'away' });
    expect(await choose(ann, 'auto')).toMatchObject({ status: 'online' });
  });

  it('does not make anybody come back who is not there', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await lastBeat(ann, 'one');
    await untilLapsed(ann);
    expect(await choose(ann, 'invisible')).toMatchObject({ status: 'offline' });
    expect(await lapsed(ann)).toBeUndefined();
    expect(await choose(ann, 'auto')).toMatchObject({ status: 'offline', shard: null });
  });

  it('is right whichever comes first, a choice or the first beat', async () => {
    const people = await users(sql, ...Array.from({ length: 20 }, (_, n) => `late-${n}`));
    for (const id of people) {
      await choose(id, 'invisible');
      await Promise.all([choose(id, 'auto'), beat(id, 'one', 'active')]);
      expect(await presenceOf(sql, { userId: id, userIds: [id] })).toMatchObject([
        { status: 'online' },
      ]);
    }
  });

  it('leaves who is invisible among those who are told of others', async () => {
    const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
    const database = openDatabase({ url, applicationName: 'test', maxConnections: 2 });
    await connect(database.orm, { userId: ann, otherId: ben });
    await connect(database.orm, { userId: ann, otherId: cem });
    await database.close();
    await beat(ben, 'one', 'active');
    await choose(ben, 'invisible');
    const { shard } = await beat(ann, 'one', 'active');
    const { rows } = await readPage(sql, {
      shard: shard!,
      bounds: { rows: 1_000, bytes: 10_000_000, listeners: 10_000 },
    });
    expect(rows.findLast(({ subject }) => subject === ann)?.audience).toEqual([ben]);
  });
});

describe('a process of before the choice', () => {
  it('beats and sweeps by the old parameters, and shows nobody who is invisible', async () => {
    await sql`
      CREATE FUNCTION touch_presence(text, text, text, integer) RETURNS jsonb
      LANGUAGE sql RETURN '{"status": "online"}'::jsonb`;
    await migrate(url);
    const [ann = ''] = await users(sql, 'ann');
    await choose(ann, 'invisible');
    const [row] = await sql`SELECT touch_presence(${ann}, 'one', 'active', ${LEASE_MS}) AS answer`;
    expect(row!['answer']).toMatchObject({ status: 'offline', shard: null });
    const [swept] = await sql`SELECT lapse_presence(${ann}, 'away') AS answer`;
    expect(swept).toEqual({ answer: null });
    expect(await announced(ann)).toEqual([]);
  });
});

describe('announcements of one user', () => {
  /** Longer than any test here takes. */
  const QUIET_MS = 60_000;
  const touch = (userId: string, state: 'active' | 'idle', quietMs = QUIET_MS) =>
    touchPresence(sql, { userId, sessionId: 'one', state, leaseMs: LEASE_MS, quietMs });
  const quietPasses = (userId: string) => sql`
    UPDATE presence SET announced_at = announced_at - ${`${QUIET_MS} ms`}::interval,
      announce_at = announce_at - ${`${QUIET_MS} ms`}::interval
    WHERE user_id = ${userId}`;

  it('keep a distance: the first at once, and of those that follow too soon the last', async () => {
    const [ann = ''] = await users(sql, 'ann');
    const { shard } = await touch(ann, 'active');
    expect(await touch(ann, 'idle')).toMatchObject({ status: 'away', shard: null });
    expect(await touch(ann, 'active')).toMatchObject({ status: 'online', shard: null });
    expect(await touch(ann, 'idle')).toMatchObject({ status: 'away', shard: null });
    expect(await announceWaitingPresence(sql, 10)).toEqual([]);
    await quietPasses(ann);
    expect(await announceWaitingPresence(sql, 10)).toEqual([shard]);
    expect(await announceWaitingPresence(sql, 10)).toEqual([]);
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['away', 4],
    ]);
    expect(await presenceOf(sql, { userId: ann, userIds: [ann] })).toMatchObject([
      { status: 'away', version: 4 },
    ]);
  });

  it('correct also who asked while somebody went and came back', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await touch(ann, 'active');
    await touch(ann, 'idle');
    const [asked] = await presenceOf(sql, { userId: ann, userIds: [ann] });
    expect(asked).toMatchObject({ status: 'away', version: 2 });
    await touch(ann, 'active');
    await quietPasses(ann);
    await announceWaitingPresence(sql, 10);
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['online', 3],
    ]);
  });

  it('wait no longer than that when the clock is set back', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await touch(ann, 'active');
    await sql`UPDATE presence SET announced_at = now() + interval '1 hour' WHERE user_id = ${ann}`;
    await touch(ann, 'idle', 400);
    const told: number[] = [];
    await until(async () => told.push(...(await announceWaitingPresence(sql, 10))) > 0, {
      timeoutMs: 5_000,
      what: 'the quiet to be over',
    });
    expect(told).toHaveLength(1);
  });

  it('are found without looking at everybody', async () => {
    await sql`
      INSERT INTO users (id, name, shard) SELECT 'crowd-' || n, 'Crowd', 0 FROM generate_series(1, 30000) n`;
    await sql`
      INSERT INTO presence (user_id, status) SELECT id, 'offline' FROM users WHERE id LIKE 'crowd-%'`;
    await sql`ANALYZE presence`;
    const read = await sql.begin(async (tx) => {
      await tx`SELECT announce_waiting_presence(500)`;
      const [row] = await tx`
        SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables
        WHERE relname = 'presence'`;
      return row!['rows'] as number;
    });
    expect(read).toBeLessThan(100);
  });

  it('are made once by two workers that look at the same time', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await touch(ann, 'active');
    await touch(ann, 'idle');
    await quietPasses(ann);
    const told = await Promise.all([1, 2, 3, 4].map(() => announceWaitingPresence(sql, 10)));
    expect(told.flat()).toHaveLength(1);
    expect(await announced(ann)).toEqual([
      ['online', 1],
      ['away', 2],
    ]);
  });
});
