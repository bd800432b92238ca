import { startTestCentrifugo } from '../test/harness/centrifugo.ts';
import type { TestCentrifugo } from '../test/harness/centrifugo.ts';
import { createTestDatabase } from '../test/harness/database.ts';
import type { TestDatabase } from '../test/harness/database.ts';
import { startDoor } from '../test/harness/processes.ts';
import type { Door } from '../test/harness/processes.ts';
import { openTestRedis } from '../test/harness/redis.ts';
import type { TestRedis } from '../test/harness/redis.ts';
import type { Servers } from '../test/harness/servers.ts';

/** What a contender is measured on: a database, a Centrifugo and a part of Redis, all fresh. */
export type Bed = {
  database: TestDatabase;
  redis: TestRedis;
  centrifugo: TestCentrifugo;
  /** Starts a delivering process; resolves once it is ready. It ends with the bed. */
  startWorker(entry: string): Promise<Door>;
};

export type BedOptions = {
  /** Into the database, before Centrifugo starts. */
  install?(sql: TestDatabase['sql']): Promise<unknown>;
  /** More variables for Centrifugo. */
  centrifugoSettings?(databaseUrl: string): Record<string, string>;
};

/** Makes a bed from the servers' template. Taken away when it is disposed of. */
export async function openBed(
  servers: Servers,
  options: BedOptions,
): Promise<Bed & AsyncDisposable> {
  await using undo = new AsyncDisposableStack();
  const database = await createTestDatabase(servers);
  undo.defer(() => database.drop());
  await options.install?.(database.sql);
  const centrifugo = await startTestCentrifugo({
    ledger: servers.ledger,
    settings: options.centrifugoSettings?.(database.url),
  });
  undo.defer(() => centrifugo.stop());
  const redis = openTestRedis(servers.redis);
  undo.defer(() => redis.release());
  const undoing = undo.move();
  return {
    [Symbol.asyncDispose]: () => undoing.disposeAsync(),
    database,
    redis,
    centrifugo,
    startWorker: async (entry) => {
      const worker = await startDoor({
        ledger: servers.ledger,
        name: 'worker',
        entry,
        portVariable: 'WORKER_PORT',
        env: {
          DATABASE_URL: database.url,
          REDIS_URL: redis.url,
          QUEUE_PREFIX: redis.prefix,
          CENTRIFUGO_URL: centrifugo.url,
          CENTRIFUGO_API_KEY: centrifugo.apiKey,
          HOST: '127.0.0.1',
          LOG_LEVEL: 'warn',
        },
      });
      undoing.defer(async () => void (await worker.stop()));
      return worker;
    },
  };
}
