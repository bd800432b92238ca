import { DelayedError, Worker } from 'bullmq';

import type { Logger } from '../core/log.ts';
import { DEFAULT_QUEUE_PREFIX, DRAIN_QUEUE, DrainJob } from '../core/queue/drain-queue.ts';
import type { Redis } from '../core/redis/connect-redis.ts';
import { DeliveryHeld, type Drain, type DrainReport } from './drain.ts';

/** When to look again at a shard that another drain holds. */
const BUSY_RETRY_MS = 50;

/**
 * The BullMQ side of delivery: a job is a doorbell that names a shard, and its result tells the story in
 * Bull Board. The caller closes the connection it handed in.
 */
export function startDrainJobs(parts: {
  connection: Redis;
  prefix?: string | undefined;
  concurrency: number;
  drain: Drain;
  ring: (shard: number) => void;
  log: Logger;
}): Worker<DrainJob, DrainReport> {
  const { drain, ring, log } = parts;
  const worker = new Worker<DrainJob, DrainReport>(
    DRAIN_QUEUE,
    async (job, token) => {
      const { shard } = DrainJob.parse(job.data);
      const report = await drain(shard);
      if (report.endedBy === 'busy') {
        // Never "done": whoever holds the shard may have read it before the row that rang.
        await job.moveToDelayed(Date.now() + BUSY_RETRY_MS, token);
        throw new DelayedError();
      }
      // To the back of the line, so that a backlog does not starve the other shards.
      if (report.endedBy === 'turn') ring(shard);
      await job.log(storyOf(report));
      return report;
    },
    {
      connection: parts.connection,
      prefix: parts.prefix ?? DEFAULT_QUEUE_PREFIX,
      concurrency: parts.concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 1_000,
      metrics: { maxDataPoints: 24 * 60 },
      settings: { backoffStrategy: fullJitter },
    },
  );
  worker.on('error', (err) => log.warn({ event: 'queue.error', err }));
  worker.on('failed', (job, err) => {
    // What all wait for is told once, by the drain (alarm.ts).
    if (!(err instanceof DeliveryHeld)) {
      log.error({
        event: 'drain.failed',
        shard: job?.data.shard,
        attempts: job?.attemptsMade,
        err,
      });
    }
  });
  return worker;
}

/** 50 ms → 2 s, anywhere below, so that shards and workers do not knock in step. */
function fullJitter(attempt: number, _type?: string, _error?: Error): number {
  return Math.ceil(Math.random() * Math.min(2_000, 50 * 2 ** Math.min(attempt - 1, 10)));
}

function storyOf(report: DrainReport): string {
  const left =
    report.waiting === 0
      ? ''
      : `, ${report.waiting} wait (oldest ${Math.round(report.oldestMs)} ms)`;
  const dead = report.dead === 0 ? '' : `, ${report.dead} dead`;
  return `shard ${report.shard}: ${report.delivered} delivered${dead}${left}; ended by ${report.endedBy}`;
}
