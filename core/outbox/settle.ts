import type { Transaction } from '../db/database.ts';

export type Acknowledged = { id: number; offset?: number | undefined; epoch?: string | undefined };
export type Dead = { id: number; code?: number | undefined; reason: string };

/** Writes down what became of a page (settle.sql). Right by itself, even if the lock was lost. */
export async function settle(
  tx: Transaction,
  page: {
    shard: number;
    worker: string;
    acknowledged: Acknowledged[];
    dead: Dead[];
    /** Rows up to this one had been sent in this very drain before, without a clear answer. */
    doubtedThrough?: number | undefined;
  },
): Promise<void> {
  await tx`
    SELECT settle(${page.shard}, ${page.worker}, ${tx.json(page.acknowledged)}, ${tx.json(page.dead)},
      ${page.doubtedThrough ?? null})`;
}

/**
 * Remembers that a page did not get through. `ambiguousThrough` is the last row that had been sent when
 * the answer stayed out or was no clear one: its conversations get a resync once it is acknowledged.
 */
export async function noteFailure(
  tx: Transaction,
  failure: {
    shard: number;
    worker: string;
    reason: string;
    held?: string | undefined;
    ambiguousThrough?: number | undefined;
  },
): Promise<void> {
  // That a row may be unheard must survive a crash, unlike a settle, which may be repeated.
  await tx`SELECT set_config('synchronous_commit', 'on', true)`;
  await tx`
    UPDATE shards SET failures = failures + 1, worker = ${failure.worker},
      last_error = ${failure.reason}, held = ${failure.held ?? null},
      ambiguous_through = greatest(ambiguous_through, ${failure.ambiguousThrough ?? null}::bigint)
    WHERE shard = ${failure.shard}`;
}
