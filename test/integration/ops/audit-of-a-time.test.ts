import { beforeAll, describe, expect, it } from 'vitest';

import { audit } from '../../../core/ops/audit.ts';
import type { AuditReport } from '../../../core/ops/audit.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';
import { waitingCalls } from '../../harness/waiting-calls.ts';
import { users } from '../chat/people-in-sql.ts';
import { found, talk } from './talk.ts';

const { sql } = await databaseForFile();

describe('an audit of a time', () => {
  const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

  // A new database keeps the deliveries of no day before it was made: just after midnight not those of the last hour.
  beforeAll(async () => {
    const day = (ago: number): string =>
      new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    await sql.unsafe(`
      CREATE TABLE IF NOT EXISTS deliveries_${day(1).replaceAll('-', '')} PARTITION OF deliveries
      FOR VALUES FROM ('${day(1)}T00:00:00Z') TO ('${day(0)}T00:00:00Z')`);
  });

  /** As if everything of this conversation up to that number had happened so long ago. */
  async function moveBack(id: string, throughEv: number, minutes: number): Promise<void> {
    const ago = sql`make_interval(mins => ${minutes})`;
    await sql`UPDATE conversations SET created_at = created_at - ${ago} WHERE id = ${id}`;
    await sql`
      UPDATE deliveries SET committed_at = committed_at - ${ago}
      WHERE conversation_id = ${id} AND ev <= ${throughEv}`;
    await sql`
      UPDATE messages SET created_at = created_at - ${ago}
      WHERE conversation_id = ${id} AND seq <= ${throughEv}`;
  }

  it('judges from the first event in it on, and finds that very one missing', async () => {
    const { id } = await talk(sql, 6);
    await moveBack(id, 3, 60);
    await sql`DELETE FROM deliveries WHERE conversation_id = ${id} AND ev IN (1, 4)`;
    const report = await audit(sql, { since: minutesAgo(30) });
    const ofIt = report.lost.examples.filter(({ conversationId }) => conversationId === id);
    expect(ofIt).toEqual([{ conversationId: id, number: 4 }]);
    expect(found(await audit(sql, { conversationId: id }))).toEqual({
      lost: [1, 4],
      unannounced: [1, 4],
    });
  });

  it('is not about conversations in which nothing happened then', async () => {
    const { id } = await talk(sql, 2);
    await moveBack(id, 2, 60);
    await sql`UPDATE deliveries SET acknowledged_at = committed_at WHERE conversation_id = ${id}`;
    await sql`
      UPDATE conversations SET last_active_at = last_active_at - interval '1 hour' WHERE id = ${id}`;
    await sql`DELETE FROM deliveries WHERE conversation_id = ${id} AND ev = 2`;
    const lost = async (since: Date, until?: Date) =>
      (await audit(sql, { since, until })).lost.examples.filter(
        ({ conversationId }) => conversationId === id,
      ).length;
    expect(await lost(minutesAgo(30))).toBe(0);
    expect(await lost(minutesAgo(120), minutesAgo(90))).toBe(0);
    expect(await lost(minutesAgo(120), minutesAgo(30))).toBe(1);
  });

  it('says nothing of events whose deliveries are not kept any more', async () => {
    const { id } = await talk(sql, 9);
    await moveBack(id, 5, 60 * 24 * 30);
    await sql`DELETE FROM deliveries WHERE conversation_id = ${id} AND ev <= 5`;
    const report = await audit(sql, { conversationId: id });
    expect(found(report)).toEqual({});
    // 6 is the first that is known: whether all of it is kept nobody knows.
    expect(report).toMatchObject({ events: 3, messages: 4 });
  });

  it('counts 230 conversations in chunks, and tells how far it is', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await sql`
      INSERT INTO conversations (id, kind, title, shard, created_by, created_at, last_active_at)
      SELECT gen_random_uuid(), 'group', 'many', 0, ${ann}, '2031-01-01', '2031-01-01'
      FROM generate_series(1, 230) n`;
    const progress: [number, number][] = [];
    const scope = { since: new Date('2031-01-01'), until: new Date('2031-01-02') };
    const report = await audit(sql, scope, (done, of) => void progress.push([done, of]));
    expect(progress).toEqual([
      [100, 230],
      [200, 230],
      [230, 230],
    ]);
    expect(report.lost).toMatchObject({ count: 230, examples: { length: 10 } });
  });
});

it('an audit that comes while an old day is dropped takes nothing of it for lost', async () => {
  const { id } = await talk(sql, 6);
  const day = '20200101';
  await sql.unsafe(`
    CREATE TABLE deliveries_${day} PARTITION OF deliveries
    FOR VALUES FROM ('2020-01-01T00:00:00Z') TO ('2020-01-02T00:00:00Z')`);
  await sql`
    UPDATE deliveries SET committed_at = '2020-01-01T10:00:00Z', acknowledged_at = '2020-01-01T10:00:01Z'
    WHERE conversation_id = ${id} AND ev <= 3`;
  await sql`UPDATE conversations SET created_at = '2019-01-01' WHERE id = ${id}`;
  await sql`UPDATE messages SET created_at = '2019-01-01' WHERE conversation_id = ${id} AND seq <= 3`;

  let auditing: Promise<AuditReport> | undefined;
  await sql.begin(async (tx) => {
    await tx.unsafe(`DROP TABLE deliveries_${day}`);
    auditing = audit(sql, { conversationId: id });
    await until(async () => (await waitingCalls(sql, 'audit_conversations')).length > 0, {
      timeoutMs: 5_000,
      what: 'the audit to wait for the drop',
    });
  });
  const report = (await auditing)!;
  expect(found(report)).toEqual({});
  expect(Date.parse(report.judgedSince!)).toBeGreaterThan(Date.parse('2020-01-02'));
});
