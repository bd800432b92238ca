import { expect, test, vi } from 'vitest';

import { createLog } from '../../../core/log.ts';
import { DeliveryHeld } from '../../../worker/drain.ts';
import type { DrainReport } from '../../../worker/drain.ts';
import { sweep } from '../../../worker/sweep.ts';
import { databaseForFile } from '../../harness/in-file.ts';

const { sql } = await databaseForFile();
const log = createLog({ door: 'test', level: 'silent' });

/** Rows that wait in these shards, the first one longest. */
async function waitingIn(...shards: number[]): Promise<void> {
  await sql`
    INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload, created_at)
    SELECT s, 'event', 'ann', gen_random_uuid(), 'e', 'subject', '{}',
      clock_timestamp() - interval '1 minute' + n * interval '1 second'
    FROM unnest(${shards}::smallint[]) WITH ORDINALITY w (s, n)`;
}

test.each(['outage', 'configuration'] as const)(
  'a shard held by an %s does not keep the sweeper from the others',
  async (kind) => {
    await sql`DELETE FROM outbox`;
    await waitingIn(3, 1, 5);
    const asked: number[] = [];
    const drain = async (shard: number): Promise<DrainReport> => {
      asked.push(shard);
      if (shard === 3) throw new DeliveryHeld(kind, 'as Centrifugo says');
      return { shard, delivered: 1, dead: 0, waiting: 0, oldestMs: 0, endedBy: 'empty' };
    };
    const rescued = vi.fn<(shard: number) => void>();
    await sweep({ sql, drain, log, metrics: { rescued } });
    expect(asked).toEqual([3, 1, 5]);
    expect(rescued.mock.calls).toEqual([[1], [5]]);
  },
);

test('a fault of ours is told after the round, not instead of it', async () => {
  await sql`DELETE FROM outbox`;
  await waitingIn(2, 4);
  const asked: number[] = [];
  const drain = async (shard: number): Promise<DrainReport> => {
    asked.push(shard);
    throw new Error(`shard ${shard}`);
  };
  const metrics = { rescued: () => undefined };
  await expect(sweep({ sql, drain, log, metrics })).rejects.toThrow('shard 2');
  expect(asked).toEqual([2, 4]);
});
