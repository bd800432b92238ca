import { DRAIN_LOCK } from '../../core/outbox/drain-lock.ts';
import type { Stack } from '../harness/stack.ts';
import { until } from '../harness/until.ts';

/** Pages that wait for Centrifugo, not ones that come and go. */
export async function untilShardsAreHeld({ database: { sql } }: Stack, count = 3): Promise<void> {
  const held = () => sql`
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = ${DRAIN_LOCK}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await until(async () => (await held()).length >= count, {
    timeoutMs: 5_000,
    what: `${count} shards to be held`,
  });
}

export async function untilNothingOldWaits({ database: { sql } }: Stack): Promise<void> {
  const left = async (): Promise<number> =>
    (await sql`SELECT FROM outbox WHERE created_at < now() - interval '1 second' LIMIT 1`).length;
  await until(async () => (await left()) === 0, {
    timeoutMs: 20_000,
    what: 'everything that had waited to be delivered',
  });
}
