import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import * as z from 'zod';

import { SHARDS } from '../outbox/shards.ts';

/** The one queue: its jobs are doorbells, and say only which shard to look at. */
export const DRAIN_QUEUE = 'drain';

/** In braces, so that a Redis cluster keeps the keys of the queue together. */
export const DEFAULT_QUEUE_PREFIX = '{rov}';

export const DrainJob = z.strictObject({
  shard: z
    .int()
    .min(0)
    .max(SHARDS - 1),
});
export type DrainJob = z.infer<typeof DrainJob>;

export type DrainQueue = Queue<DrainJob>;

export type QueueAddress = { connection: Redis; prefix?: string | undefined };

/** The queue as producers and operators see it. The caller closes the connection that it handed in. */
export function openDrainQueue({ connection, prefix }: QueueAddress): DrainQueue {
  const queue: DrainQueue = new Queue(DRAIN_QUEUE, {
    connection,
    prefix: prefix ?? DEFAULT_QUEUE_PREFIX,
    // With the offline queue off a ring fails at once while Redis is away: the sweeper comes anyway.
    skipWaitingForReady: true,
    // The check asks for the version before the connection is there, fails with the offline queue off, and
    // leaves a queue that never works. The worker, whose connection waits, makes the check.
    skipVersionCheck: true,
    defaultJobOptions: {
      // An outage burns no attempts: whoever waits out Centrifugo must not run out of them.
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'custom' },
      stackTraceLimit: 1,
      removeOnComplete: { count: 1_000 },
      removeOnFail: { count: 1_000 },
    },
  });
  // Whoever adds a job sees its failure; the emitter's copy needs an ear, or it ends the process.
  queue.on('error', () => undefined);
  return queue;
}
