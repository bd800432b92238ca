import { createCentrifugeServerClient } from '@rov/realtime/server';

import { openSql } from '../core/db/open-sql.ts';
import { openOwnConnections } from '../core/db/own-connections.ts';
import { within, type Stop } from '../core/lifecycle.ts';
import { createLog, type Logger } from '../core/log.ts';
import { deliveryHealth } from '../core/outbox/health.ts';
import { keepDeliveries } from '../core/outbox/keep-deliveries.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { openDrainQueue } from '../core/queue/drain-queue.ts';
import { connectImpatiently, connectPatiently } from '../core/redis/connect-redis.ts';
import { withAlarm } from './alarm.ts';
import { createCircuit } from './circuit.ts';
import type { WorkerConfig } from './config.ts';
import { startDrainJobs } from './drain-jobs.ts';
import { createDrain } from './drain.ts';
import { serveHealth } from './health.ts';
import { startLoop } from './loop.ts';
import { createMetrics } from './metrics.ts';
import { tellPresenceNews } from './presence-news.ts';
import { endRevocations } from './revocations.ts';
import { sweep } from './sweep.ts';
import { sweepPresence } from './who-is-gone.ts';

/** The two ways by which waiting rows are found and delivered. */
export type Delivery = { createDrain: typeof createDrain; sweep: typeof sweep };

/** What finds those who are gone, and how often it looks. */
export type PresenceRounds = { sweepPresence: typeof sweepPresence; everyMs: number };

/**
 * Wires a worker from its configuration and starts it: jobs, sweeper, presence and upkeep. Whoever wants to know
 * what the two parts of delivery are worth hands in others, and whoever cannot wait for presence another pace.
 */
export async function startWorker(
  config: WorkerConfig,
  delivery: Delivery & { presence?: PresenceRounds } = { createDrain, sweep },
): Promise<{ log: Logger; stops: Stop[] }> {
  const log = createLog({ door: 'worker', level: config.LOG_LEVEL });
  const { database, connections, centrifugo, consumer, doorbell, disconnect } = connect(
    config,
    log,
  );
  const { sql } = database;

  const metrics = createMetrics(() => deliveryHealth(sql));
  const circuit = createCircuit();
  const drain = withAlarm(
    delivery.createDrain({ connections, centrifugo, circuit, metrics, worker: config.workerName }),
    { log },
  );
  const jobs = startDrainJobs({
    connection: consumer,
    prefix: config.QUEUE_PREFIX,
    concurrency: config.WORKER_CONCURRENCY,
    drain,
    ring: doorbell.ring,
    log,
  });
  const loop = (name: string, everyMs: number, round: () => Promise<void>) =>
    startLoop({ name, everyMs, log, onFailure: metrics.loopFailed, round });
  const sweeper = loop('sweep', 500, () => delivery.sweep({ sql, drain, metrics, log }));
  const rounds = delivery.presence ?? { sweepPresence, everyMs: 5_000 };
  const presence = loop('presence', rounds.everyMs, () =>
    rounds.sweepPresence({ sql, centrifugo, ring: doorbell.ring }),
  );
  const news = loop('presence news', 1_000, () => tellPresenceNews({ sql, ring: doorbell.ring }));
  const revocations = loop('revocations', 1_000, () =>
    endRevocations({ sql, ring: doorbell.ring }),
  );
  const upkeep = loop('upkeep', 600_000, () => keepDeliveries(sql, { daysAhead: 2, keepDays: 7 }));
  const health = await serveHealth({
    port: config.WORKER_PORT,
    host: config.HOST,
    sql,
    // The upkeep sleeps for ten minutes between its rounds and is not missed for a while.
    loops: [sweeper, presence, news, revocations],
    registry: metrics.registry,
  });
  log.info({ event: 'worker.started', worker: config.workerName, port: config.WORKER_PORT });

  const stops: Stop[] = [
    { name: 'health', stop: () => health.close({ finishMs: 0 }) },
    {
      name: 'loops',
      stop: () =>
        Promise.all([sweeper, presence, news, revocations, upkeep].map((each) => each.stop())),
    },
    { name: 'jobs', stop: () => closeJobs(jobs) },
    { name: 'doorbell', stop: () => within(doorbell.settled(), 500) },
    { name: 'connections', stop: disconnect },
  ];
  return { log, stops };
}

function connect(config: WorkerConfig, log: Logger) {
  const url = config.DATABASE_URL;
  const database = openSql({ url, applicationName: 'rov worker', maxConnections: 4 });
  const connections = openOwnConnections({
    url,
    applicationName: 'rov worker drain',
    statementTimeoutMs: 3_000,
    // With one very large group the planner reads all members for each row of a page.
    indexesOnly: true,
  });
  const centrifugo = createCentrifugeServerClient({
    url: config.CENTRIFUGO_URL,
    apiKey: config.CENTRIFUGO_API_KEY,
    connections: config.WORKER_CONCURRENCY + 2,
  });
  const onRedisError = (err: Error) => log.warn({ event: 'redis.error', err });
  const producer = connectImpatiently(config.REDIS_URL, onRedisError);
  const consumer = connectPatiently(config.REDIS_URL, onRedisError);
  const queue = openDrainQueue({ connection: producer, prefix: config.QUEUE_PREFIX });
  const doorbell = createDoorbell(queue, (err) => log.warn({ event: 'doorbell.lost', err }));
  async function disconnect() {
    consumer.disconnect();
    producer.disconnect();
    await Promise.all([centrifugo.close(), connections.close(), database.close()]);
  }
  return { database, connections, centrifugo, consumer, doorbell, disconnect };
}

/** While Redis is away a graceful close hangs for ever. */
async function closeJobs(jobs: ReturnType<typeof startDrainJobs>): Promise<void> {
  if ((await within(jobs.close(), 1_500)) !== 'done') await jobs.close(true);
}
