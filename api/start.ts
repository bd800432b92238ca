import { createTokenIssuer } from '@rov/realtime/server';
import type { RequestHandler } from 'express';

import { openDatabase } from '../core/db/database.ts';
import type { Database } from '../core/db/database.ts';
import type { Stop } from '../core/lifecycle.ts';
import { createRateLimits } from '../core/limits/rate-limits.ts';
import type { RateLimits } from '../core/limits/rate-limits.ts';
import { listen } from '../core/listen.ts';
import type { Listening } from '../core/listen.ts';
import { createLog } from '../core/log.ts';
import type { Logger } from '../core/log.ts';
import { standingOf } from '../core/people/standing.ts';
import { upsertProfile } from '../core/people/upsert-profile.ts';
import { PRESENCE_TIMES } from '../core/presence/presence.ts';
import type { PresenceTimes } from '../core/presence/presence.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { DEFAULT_QUEUE_PREFIX, openDrainQueue } from '../core/queue/drain-queue.ts';
import { connectImpatiently, connectInPassing } from '../core/redis/connect-redis.ts';
import { createAdmission } from './admission.ts';
import { createApp } from './app.ts';
import { createAskDatabase } from './ask-database.ts';
import type { AskDatabase } from './ask-database.ts';
import { createAuthenticate } from './authenticate.ts';
import type { ApiConfig } from './config.ts';
import { connectForEphemeral, createEphemeral } from './ephemeral.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { createChannelPosition } from './position.ts';
import { createRememberProfile } from './remember-profile.ts';
import { WEB_DIST } from './web-client.ts';

/** To Postgres. */
const CONNECTIONS = 16;
/** How long a load balancer has to notice the red `/readyz` before connections are refused. */
const NOTICE_MS = 200;

type Extras = {
  /** More routes on the same origin. */
  mount?: RequestHandler;
  /** Another pace of presence, for who cannot wait for the usual one. */
  presenceTimes?: PresenceTimes;
};

export type StartedApi = { log: Logger; stops: Stop[]; port: number };

/**
 * Starts the API: opens its clients, listens, and says how to stop it. Neither Redis nor Centrifugo nor
 * Postgres needs to be there.
 */
export async function startApi(
  config: ApiConfig,
  { mount, presenceTimes = PRESENCE_TIMES }: Extras = {},
): Promise<StartedApi> {
  const log = createLog({ door: 'api', level: config.logLevel });
  const metrics = createMetrics();
  const database = connectDatabase(config);
  const ask = createAskDatabase({ atOnce: CONNECTIONS, deadlineMs: 5_000 });
  const redis = connectRedis(config.redisUrl, log);
  const bell = createDoorbell(
    openDrainQueue({ connection: redis, prefix: config.queuePrefix }),
    () => metrics.doorbellLost(),
  );
  const { channelPosition, ephemeral, disconnect } = connectCentrifugo(config, metrics);
  const limiting = limitRates(config, metrics);
  let isDraining = false;

  const app = createApp({
    log,
    metrics,
    database,
    ask,
    bell,
    authenticate: createAuthenticate(config.auth),
    ...rememberCallers(ask, database),
    tokens: createTokenIssuer({ hmacSecret: config.centrifugo.tokenSecret }),
    channelPosition,
    ephemeral,
    websocketUrl: config.centrifugo.websocketUrl,
    allowedOrigins: config.allowedOrigins,
    limits: limiting?.limits,
    presenceTimes,
    isDraining: () => isDraining,
    webFolder: WEB_DIST,
    mount,
  });
  const server = await listen(app, config);
  const telling = await tellMetrics(metrics, config);
  log.info({ event: 'api.listening', host: config.host, port: server.port }, 'listening');

  return {
    log,
    port: server.port,
    stops: [
      {
        name: 'http',
        stop: () => {
          isDraining = true;
          return server.close({ noticeMs: NOTICE_MS });
        },
      },
      { name: 'metrics', stop: async () => telling?.close({ finishMs: 0 }) },
      { name: 'doorbell', stop: () => bell.settled() },
      { name: 'redis', stop: async () => redis.disconnect() },
      { name: 'limits', stop: async () => limiting?.close() },
      { name: 'centrifugo', stop: disconnect },
      { name: 'database', stop: () => database.close(1_000) },
    ],
  };
}

/** What this process knows of those who called it. */
function rememberCallers(ask: AskDatabase, { sql }: Database) {
  return {
    admission: createAdmission({
      read: (userId) => ask.read(() => standingOf(sql, userId)),
      keptMs: 2_000,
      capacity: 10_000,
    }),
    remember: createRememberProfile({
      // As a read is: whether it was stored concerns no caller, since their next call would store it again.
      store: (profile) => ask.read(() => upsertProfile(sql, profile)),
      capacity: 10_000,
      keptMs: 300_000,
    }),
  };
}

/** On a port of its own, which nobody outside has to reach. */
async function tellMetrics(
  { expose }: Metrics,
  { host, metricsPort }: ApiConfig,
): Promise<Listening | null> {
  return metricsPort === undefined ? null : listen(expose, { host, port: metricsPort });
}

function connectDatabase({ databaseUrl }: ApiConfig): Database {
  return openDatabase({
    url: databaseUrl,
    applicationName: 'rov-api',
    maxConnections: CONNECTIONS,
    statementTimeoutMs: 4_000,
  });
}

/** On a connection of its own, which gives up sooner than the doorbell's. */
function limitRates(
  { quotas, redisUrl, queuePrefix }: ApiConfig,
  metrics: Metrics,
): { limits: RateLimits; close: () => void } | null {
  if (quotas === null) return null;
  // That Redis is away is said by the doorbell's connection.
  const redis = connectInPassing(redisUrl, () => undefined);
  const limits = createRateLimits({
    redis,
    prefix: queuePrefix ?? DEFAULT_QUEUE_PREFIX,
    quotas,
    onFallback: metrics.countedAlone,
  });
  return { limits, close: () => redis.disconnect() };
}

function connectCentrifugo({ centrifugo }: ApiConfig, { countEphemeral }: Metrics) {
  const channelPosition = createChannelPosition(centrifugo);
  const ephemeral = createEphemeral({
    centrifugo: connectForEphemeral(centrifugo),
    count: countEphemeral,
  });
  const disconnect = () => Promise.all([channelPosition.close(), ephemeral.close()]);
  return { channelPosition, ephemeral, disconnect };
}

/** Says once that Redis is away, and once that it is back: it is tried again every second meanwhile. */
function connectRedis(url: string, log: Logger): ReturnType<typeof connectImpatiently> {
  let isAway = false;
  const redis = connectImpatiently(url, (err) => {
    if (isAway) return;
    isAway = true;
    log.warn(
      { event: 'redis.unreachable', err },
      'events are delivered by the sweeper until it is back',
    );
  });
  redis.on('ready', () => {
    if (isAway) log.info({ event: 'redis.back' });
    isAway = false;
  });
  return redis;
}
