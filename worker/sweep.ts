import type { Sql } from '../core/db/database.ts';
import type { Logger } from '../core/log.ts';
import { announceAgain } from '../core/outbox/announce-again.ts';
import { waitingShards } from '../core/outbox/waiting.ts';
import { DeliveryHeld, type Drain } from './drain.ts';
import type { WorkerMetrics } from './metrics.ts';

/** Whatever waits longer than this was forgotten by its doorbell, or nobody could ring. */
const FORGOTTEN_AFTER_MS = 500;

/**
 * One round of the sweeper: announces again what was in doubt, and drains the shards whose oldest row waits too long,
 * straight from Postgres. Needs neither Redis nor BullMQ, and obeys the same circuit as the jobs.
 */
export async function sweep(parts: {
  sql: Sql;
  drain: Drain;
  metrics: Pick<WorkerMetrics, 'rescued'>;
  log: Logger;
}): Promise<void> {
  await announceAgain(parts.sql);
  const faults: unknown[] = [];
  for (const { shard, oldestMs } of await waitingShards(parts.sql, FORGOTTEN_AFTER_MS)) {
    try {
      const report = await parts.drain(shard);
      if (report.delivered === 0 && report.dead === 0) continue;
      parts.metrics.rescued(shard);
      parts.log.info({ event: 'sweep.rescued', ...report, oldestMs: Math.round(oldestMs) });
    } catch (error) {
      // The others go on: what holds one shard need not hold them, and the circuit makes asking cheap.
      if (!(error instanceof DeliveryHeld)) faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}
