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

/** What waits at the call is delivered, however young it is; what comes meanwhile need not be. */
export async function untilWaitingIsDelivered({ database: { sql } }: Stack): Promise<void> {
  const [call] = await sql`SELECT clock_timestamp()::text AS at`;
  const left = async (): Promise<number> =>
    (
      await sql`SELECT FROM outbox WHERE created_at <= ${call!['at'] as string}::timestamptz LIMIT 1`
    ).length;
  await until(async () => (await left()) === 0, {
    timeoutMs: 20_000,
    what: 'everything that had waited to be delivered',
  });
}
