import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startTestCentrifugo } from '../harness/centrifugo.ts';
import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { endLeftovers } from '../harness/ledger.ts';
import { startOwnPostgres, startOwnRedis } from '../harness/own-server.ts';
import type { OwnServer } from '../harness/own-server.ts';
import type { Door } from '../harness/processes.ts';
import { startStack, through } from '../harness/stack.ts';
import type { Stack, StackOptions } from '../harness/stack.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import type { TcpProxy } from '../harness/tcp-proxy.ts';
import { startFront } from './front.ts';
import type { Front } from './front.ts';
import type { Engine } from './schedule.ts';
import { noExcuses } from './verdict/excuses.ts';
import type { Excuses } from './verdict/excuses.ts';

/** The ways out of one worker. */
export type Link = {
  /** Null where something else stands in the place of the workers. */
  worker: Door | null;
  postgres: TcpProxy;
  front: Front;
};

/** The whole back end with servers of its own, and a place for faults in every way between them. */
export type Ground = {
  stack: Stack;
  engine: Engine;
  postgres: OwnServer;
  /** Of the queue. */
  redis: OwnServer;
  /** Where Centrifugo keeps its state; null where that is in its process. */
  engineRedis: OwnServer | null;
  /** One, or two on one Redis. */
  nodes: TestCentrifugo[];
  links: Link[];
  /** What the verdict has to know of what happens in between. */
  excuses: Excuses;
  /** Ends everything that was started for it, and says what had to be killed in the end: nothing, one hopes. */
  stop: () => Promise<string[]>;
};

const LINKS = 2;

/**
 * Centrifugo looks from time to time whether idle channels have missed anything, and mends them after 40 s. Not here:
 * what the product owes must come from the product.
 */
const UNATTENDED = { CENTRIFUGO_CLIENT_CHANNEL_POSITION_CHECK_DELAY: '1h' };

export type GroundOptions = Pick<StackOptions, 'workerEntry' | 'workerEnv'> & {
  engine: Engine;
  /** Without them the links are there for whoever takes their place. */
  workers: boolean;
};

export async function prepareGround(options: GroundOptions): Promise<Ground> {
  const ledger = await mkdtemp(join(tmpdir(), 'rov-chaos-pids-'));
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<string[]> => {
    const faults: unknown[] = [];
    for (const step of undo.splice(0).toReversed()) {
      await step().catch((error: unknown) => faults.push(error));
    }
    const left = await endLeftovers(ledger);
    await rm(ledger, { recursive: true, force: true });
    if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
    return left;
  };
  try {
    return await build({ ...options, ledger, undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  options: GroundOptions & {
    ledger: string;
    undo: (() => Promise<unknown>)[];
    stop: Ground['stop'];
  },
): Promise<Ground> {
  const { ledger, engine, undo, stop } = options;
  const until = async <T>(starting: Promise<T>, end: (started: T) => Promise<unknown>) => {
    const started = await starting;
    undo.push(() => end(started));
    return started;
  };
  const none = { postgres: '', template: '', redis: '', ledger };
  const redisServer = (): Promise<OwnServer> => until(startOwnRedis(ledger), (own) => own.stop());
  const [postgres, redis, engineRedis] = await allOrThrow([
    until(startOwnPostgres(none), ({ server }) => server.stop()),
    redisServer(),
    engine === 'redis' ? redisServer() : Promise.resolve(null),
  ]);
  const stack = await until(
    startStack(
      { ...postgres.servers, redis: redis.url },
      {
        workers: 0,
        apis: 2,
        proxied: true,
        redisUrl: redis.url,
        centrifugoSettings: UNATTENDED,
        ...(engineRedis && { engine: { redis: engineRedis.url } }),
        ...(options.workerEntry && { workerEntry: options.workerEntry }),
        ...(options.workerEnv && { workerEnv: options.workerEnv }),
      },
    ),
    (started) => started.stop(),
  );
  const { centrifugo } = stack;
  const nodes = [centrifugo];
  if (engineRedis) {
    const second = startTestCentrifugo({
      ledger,
      engine: { redis: engineRedis.url },
      settings: {
        ...UNATTENDED,
        CENTRIFUGO_HTTP_API_KEY: centrifugo.apiKey,
        CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: centrifugo.hmacSecret,
      },
    });
    nodes.push(await until(second, (node) => node.stop()));
  }

  const excuses = noExcuses();
  const { hostname: host, port } = new URL(stack.database.url);
  const links = Array.from({ length: LINKS }, async (): Promise<Link> => {
    const proxy = await until(startTcpProxy({ host, port: Number(port) }), (own) => own.close());
    const front = await until(
      startFront({
        nodes: () => nodes.map(({ url }) => url),
        onFailure: (channel, key) => excuses.heldBack.add(`${channel} ${key}`),
      }),
      (own) => own.close(),
    );
    const env = { DATABASE_URL: through(proxy, stack.database.url), CENTRIFUGO_URL: front.url };
    const worker = options.workers ? await stack.startWorker(env) : null;
    // Before its front goes, else it would not end in good order.
    if (worker) undo.push(() => worker.stop());
    return { worker, postgres: proxy, front };
  });
  return {
    stack,
    engine,
    postgres: postgres.server,
    redis,
    engineRedis,
    nodes,
    links: await allOrThrow(links),
    excuses,
    stop,
  };
}

/** Like Promise.all, but waits for the others when one fails: what they have started must be undone as well. */
async function allOrThrow<T extends readonly unknown[]>(starting: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
