import { createCentrifugeServerClient } from '@rov/realtime/server';
import { Queue, Worker } from 'bullmq';

import { openSql } from '../../../core/db/open-sql.ts';
import { createLog } from '../../../core/log.ts';
import { readPage } from '../../../core/outbox/read-page.ts';
import type { OutboxRow } from '../../../core/outbox/read-page.ts';
import { settle } from '../../../core/outbox/settle.ts';
import { allShards } from '../../../core/outbox/shards.ts';
import { startLoop } from '../../../worker/loop.ts';
import { publishPage } from '../../../worker/publish.ts';
import { verdictsOnPage } from '../../../worker/verdict.ts';
import type { Stack } from '../../harness/stack.ts';

const LOOK_EVERY_MS = 20;
/** More than there are conversations in a trial, so that neighbours of one are under way together. */
const JOBS_AT_ONCE = 32;
const BOUNDS = { rows: 400, bytes: 1_000_000, listeners: 20_000 };

/**
 * Deliberately wrong: a job for each row of the outbox, as many at once as the queue allows. To be used in a stack
 * without a worker.
 */
export function oneJobPerRow({ database, centrifugo, redis, between }: Stack): {
  close(): Promise<void>;
} {
  const own = openSql({
    url: database.url,
    applicationName: 'jobs',
    maxConnections: 12,
  });
  const { sql } = own;
  const client = createCentrifugeServerClient({
    url: between ? `http://127.0.0.1:${between.workerCentrifugo.port}` : centrifugo.url,
    apiKey: centrifugo.apiKey,
    connections: JOBS_AT_ONCE,
  });
  const sending = {
    centrifugo: client,
    again: false,
    onDoubt: () => undefined,
    onProgress: async () => undefined,
  };
  const queue = new Queue<{ shard: number; row: OutboxRow }>('rows', {
    connection: { url: redis.url },
    prefix: redis.prefix,
  });
  const worker = new Worker<{ shard: number; row: OutboxRow }>(
    'rows',
    async (job) => {
      const { shard, row } = job.data;
      const [judged] = verdictsOnPage(await publishPage(sending, [row]));
      if (judged?.verdict.kind !== 'delivered') throw new Error(judged?.verdict.kind);
      const by = { worker: 'jobs', holder: `job ${job.id}` };
      await settle(sql, {
        shard,
        ...by,
        rows: [{ id: row.id }],
        seen: null,
        last: true,
        deaf: false,
      });
    },
    { connection: { url: redis.url }, prefix: redis.prefix, concurrency: JOBS_AT_ONCE },
  );
  const queued = new Set<number>();
  const loop = startLoop({
    name: 'rows',
    everyMs: LOOK_EVERY_MS,
    log: createLog({ door: 'jobs', level: 'silent' }),
    onFailure: () => undefined,
    round: async () => {
      for (const shard of allShards) {
        const { rows } = await readPage(sql, { shard, bounds: BOUNDS });
        for (const row of rows.filter(({ id }) => !queued.has(id))) {
          queued.add(row.id);
          await queue.add('row', { shard, row }, { attempts: 20, backoff: 50 });
        }
      }
    },
  });
  return {
    close: async () => {
      await loop.stop();
      await worker.close();
      await queue.close();
      await Promise.all([client.close(), own.close()]);
    },
  };
}
