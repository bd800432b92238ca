import { randomUUID } from 'node:crypto';

import { conversationChannel } from '@rov/realtime';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';

import { startTestCentrifugo } from '../harness/centrifugo.ts';
import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { sharedServers } from '../harness/in-file.ts';
import { startOwnRedis } from '../harness/own-server.ts';
import type { OwnServer } from '../harness/own-server.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import type { TcpProxy } from '../harness/tcp-proxy.ts';
import { listenTo } from './listener.ts';
import type { Listener, ListenerOptions } from './listener.ts';
import { namespaces } from './our-configuration.ts';
import type { Namespace } from './our-configuration.ts';
import { openWire } from './wire.ts';
import type { Wire } from './wire.ts';

export const ENGINES = ['memory', 'redis'] as const;
export type Engine = (typeof ENGINES)[number];

/** The engine's Redis, and a connection for the test itself. */
export type EngineRedis = OwnServer & { client: Redis };

export type NodeOptions = {
  port?: number;
  /** Changes and additions to the namespaces of `centrifugo.json`. */
  namespaces?: Namespace[];
  /** More `CENTRIFUGO_*` variables. */
  settings?: Record<string, string>;
  allowedOrigins?: string[];
  redis?: Pick<OwnServer, 'url'>;
};

/**
 * `a` is published to and `b` is listened on: two nodes on one Redis, or twice the same node where the engine is in
 * the process. So whatever is asserted of both engines is asserted across nodes too.
 */
export type Cluster = {
  engine: Engine;
  a: TestCentrifugo;
  b: TestCentrifugo;
  /** Null with the memory engine. */
  redis: EngineRedis | null;
};

/** Servers and clients of one test file, all of them gone when it ends. */
export type Lab = {
  node(options?: NodeOptions): Promise<TestCentrifugo>;
  redis(): Promise<EngineRedis>;
  cluster(engine: Engine, options?: NodeOptions): Promise<Cluster>;
  listen(
    node: Pick<TestCentrifugo, 'wsUrl' | 'hmacSecret'>,
    options?: Omit<ListenerOptions, 'wsUrl' | 'hmacSecret'>,
  ): Listener;
  wire(node: Pick<TestCentrifugo, 'wsUrl'>, headers?: Record<string, string>): Promise<Wire>;
  /** A connection of `user` that has been accepted. */
  connectedWire(node: TestCentrifugo, token: string): Promise<Wire>;
  proxy(server: { url: string }): Promise<TcpProxy>;
};

export function labForFile(): Lab {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const ending = <T>(thing: T, end: (thing: T) => unknown): T => {
    ends.push(() => end(thing));
    return thing;
  };

  const node: Lab['node'] = async ({
    namespaces: changes = [],
    settings,
    redis,
    ...others
  } = {}) => {
    const server = await startTestCentrifugo({
      ledger: sharedServers().ledger,
      ...others,
      engine: redis && { redis: redis.url },
      settings: { ...(changes.length > 0 && namespaces(...changes)), ...settings },
    });
    return ending(server, () => server.stop());
  };
  const startRedis = async (): Promise<EngineRedis> => {
    const server = ending(await startOwnRedis(sharedServers().ledger), (own) => own.kill());
    const client = ending(new Redis(server.url, { lazyConnect: true }), (own) => own.disconnect());
    // A test may kill that Redis; the emitter's copy of the error would end the process.
    client.on('error', () => undefined);
    return { ...server, client };
  };
  const wire: Lab['wire'] = async ({ wsUrl }, headers) =>
    ending(await openWire(wsUrl, headers), (opened) => opened.close());
  return {
    node,
    redis: startRedis,
    cluster: async (engine, options) => {
      if (engine === 'memory') {
        const only = await node(options);
        return { engine, a: only, b: only, redis: null };
      }
      const redis = await startRedis();
      const [a, b] = await Promise.all([node({ ...options, redis }), node({ ...options, redis })]);
      return { engine, a, b, redis };
    },
    listen: ({ wsUrl, hmacSecret }, options) =>
      ending(listenTo({ wsUrl, hmacSecret, ...options }), (listener) => listener.close()),
    wire,
    connectedWire: async (server, token) => {
      const opened = await wire(server);
      await opened.call({ connect: { token } });
      return opened;
    },
    proxy: async ({ url }) => {
      const target = { host: '127.0.0.1', port: Number(new URL(url).port) };
      return ending(await startTcpProxy(target), (proxy) => proxy.close());
    },
  };
}

/** A channel that nobody has used. */
export function newConversation(): string {
  return conversationChannel(randomUUID());
}
