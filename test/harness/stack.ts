import { randomBytes } from 'node:crypto';

import { freePort } from '../../embedded/ports.ts';
import { startTestCentrifugo } from './centrifugo.ts';
import type { TestCentrifugo } from './centrifugo.ts';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { createIdentity, createPeople } from './people.ts';
import type { Identity, People } from './people.ts';
import { startDoor } from './processes.ts';
import type { Door } from './processes.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder, RecorderOptions } from './recorder.ts';
import { openTestRedis } from './redis.ts';
import type { TestRedis } from './redis.ts';
import type { Servers } from './servers.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { writtenFaults } from './written-events.ts';

export type StackOptions = {
  /** How many workers; 1 unless said otherwise, 0 for a test that drains by itself. */
  workers?: number;
  /** How many APIs over the same database; 1 unless said otherwise. */
  apis?: number;
  /** Which file is the API; `api/main.ts` unless said otherwise. */
  apiEntry?: string;
  /** Which file is the worker; `worker/main.ts` unless said otherwise. */
  workerEntry?: string;
  /** Origins of pages besides the API's own. */
  pages?: string[];
  /** Put a place for faults before the servers, as `between` in the stack. */
  proxied?: boolean;
  /** Another Redis than the run's: one that the test may kill. */
  redisUrl?: string;
  /** Keep Centrifugo's history and fences in this Redis instead of in its process. */
  engine?: { redis: string };
  /** More `CENTRIFUGO_*` variables for Centrifugo. */
  centrifugoSettings?: Record<string, string>;
  /** What is published here is a broken variant's, and not held to the description of the events. */
  isUnheld?: boolean;
  /** Further variables for a door. */
  apiEnv?: Record<string, string>;
  workerEnv?: Record<string, string>;
};

/** Who goes through which proxy; a worker that is started with the direct URL goes through none. */
export type Between = {
  apiPostgres: TcpProxy;
  workerPostgres: TcpProxy;
  workerCentrifugo: TcpProxy;
};

/** The whole back end on free ports, apart from every other test file. */
export type Stack = {
  database: TestDatabase;
  redis: TestRedis;
  centrifugo: TestCentrifugo;
  identity: Identity;
  /** The first of `apis`, which `people` call. */
  api: Door;
  apis: Door[];
  workers: Door[];
  people: People;
  /** Places for faults, in a stack that asked for them. */
  between?: Between | undefined;
  /** One more worker, with what the others got. */
  startWorker(env?: Record<string, string>): Promise<Door>;
  /** A client of its own that writes down what it receives; closed with the stack. */
  record(options: Omit<RecorderOptions, 'url'>): Recorder;
  /** What was written or heard here that api/asyncapi.json does not describe. */
  undescribed(): Promise<string[]>;
  stop(): Promise<void>;
};

export async function startStack(servers: Servers, options: StackOptions = {}): Promise<Stack> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    const faults: unknown[] = [];
    for (const step of undo.splice(0).toReversed()) {
      await step().catch((error: unknown) => faults.push(error));
    }
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
  };
  try {
    return await build(servers, { ...options, undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  servers: Servers,
  options: StackOptions & { undo: (() => Promise<unknown>)[]; stop: () => Promise<void> },
): Promise<Stack> {
  const { undo, stop } = options;
  const { ledger } = servers;
  const identity = createIdentity();
  // Centrifugo must know the page's origin, and the page comes from the API.
  const apiPort = await freePort();
  const origins = [`http://127.0.0.1:${apiPort}`, ...(options.pages ?? [])];
  const [database, centrifugo] = await Promise.all([
    createTestDatabase(servers),
    startTestCentrifugo({
      ledger,
      engine: options.engine,
      allowedOrigins: origins,
      settings: options.centrifugoSettings,
    }),
  ]);
  undo.push(
    () => database.drop(),
    () => centrifugo.stop(),
  );
  const redis = openTestRedis(options.redisUrl ?? servers.redis);
  undo.push(() => redis.release());

  const between = options.proxied ? await startProxies(database.url, centrifugo.url) : undefined;
  undo.push(async () => {
    await Promise.all(Object.values(between ?? {}).map((proxy) => proxy.close()));
  });

  const common = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    CENTRIFUGO_URL: centrifugo.url,
    CENTRIFUGO_API_KEY: centrifugo.apiKey,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
  };
  const apiEnv = {
    ...common,
    ...(between && { DATABASE_URL: through(between.apiPostgres, database.url) }),
    CENTRIFUGO_TOKEN_HMAC_SECRET: centrifugo.hmacSecret,
    CENTRIFUGO_WS_URL: centrifugo.wsUrl,
    AUTH_JWT_SECRET: identity.secret,
    AUTH_ISSUER: identity.issuer,
    AUTH_AUDIENCE: identity.audience,
    ALLOWED_ORIGINS: origins.join(' '),
    // Loads come from a handful of users; whoever wants limits asks for them.
    RATE_LIMITS: 'off',
    ...options.apiEnv,
  };
  const workerEnv = {
    ...common,
    ...(between && {
      DATABASE_URL: through(between.workerPostgres, database.url),
      CENTRIFUGO_URL: through(between.workerCentrifugo, centrifugo.url),
    }),
    ...options.workerEnv,
  };
  const startApi = async (port?: number): Promise<Door> => {
    const api = await startDoor({
      ledger,
      name: port === apiPort ? 'api' : `api-${randomBytes(2).toString('hex')}`,
      entry: options.apiEntry ?? 'api/main.ts',
      portVariable: 'PORT',
      port,
      env: apiEnv,
    });
    undo.push(() => api.stop());
    return api;
  };
  const recorders: Recorder[] = [];
  const workers: Door[] = [];
  const startWorker = async (env?: Record<string, string>): Promise<Door> => {
    const worker = await startDoor({
      ledger,
      name: `worker-${workers.length + 1}-${randomBytes(2).toString('hex')}`,
      entry: options.workerEntry ?? 'worker/main.ts',
      portVariable: 'WORKER_PORT',
      env: { ...workerEnv, ...env },
    });
    undo.push(() => worker.stop());
    workers.push(worker);
    return worker;
  };

  const further = (options.apis ?? 1) - 1;
  const [api, ...others] = await allOrThrow([
    startApi(apiPort),
    ...Array.from({ length: further }, () => startApi()),
    ...Array.from({ length: options.workers ?? 1 }, () => startWorker()),
  ]);
  return {
    database,
    redis,
    centrifugo,
    identity,
    api,
    apis: [api, ...others.slice(0, further)],
    workers,
    people: createPeople({ identity, baseUrl: () => api.url }),
    between,
    startWorker,
    record: (recording) => {
      const recorder = createRecorder({ ...recording, url: centrifugo.wsUrl });
      recorders.push(recorder);
      undo.push(async () => recorder.close());
      return recorder;
    },
    undescribed: async () =>
      options.isUnheld
        ? []
        : [
            ...(await writtenFaults(database.sql)),
            ...recorders.flatMap(({ malformed }) => malformed),
          ],
    stop,
  };
}

async function startProxies(postgres: string, centrifugo: string): Promise<Between> {
  const before = (url: string): Promise<TcpProxy> => {
    const { hostname: host, port } = new URL(url);
    return startTcpProxy({ host, port: Number(port) });
  };
  const [apiPostgres, workerPostgres, workerCentrifugo] = await Promise.all([
    before(postgres),
    before(postgres),
    before(centrifugo),
  ]);
  return { apiPostgres, workerPostgres, workerCentrifugo };
}

/** The same address by way of the proxy. */
export function through(proxy: TcpProxy, address: string): string {
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return url.href.replace(/\/$/, '');
}

/** Like Promise.all, but waits for the others when one fails: what they have started must be undone as well. */
async function allOrThrow<T>(starting: [Promise<T>, ...Promise<T>[]]): Promise<[T, ...T[]]> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
