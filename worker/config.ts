import { hostname } from 'node:os';

import * as z from 'zod';

import {
  databaseUrl,
  httpUrl,
  logLevel,
  parseEnvironment,
  port,
  redisUrl,
} from '../core/config.ts';

const Environment = z.object({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  QUEUE_PREFIX: z.string().optional(),
  CENTRIFUGO_URL: httpUrl.default('http://localhost:8000'),
  CENTRIFUGO_API_KEY: z.string().min(1),
  /** How many shards this process drains at once. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  WORKER_PORT: port(4002),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: logLevel,
});

export type WorkerConfig = z.infer<typeof Environment> & {
  /** Who delivered, in `deliveries` and `shards`. */
  workerName: string;
};

export function readConfig(): WorkerConfig {
  return {
    ...parseEnvironment(Environment, process.env),
    workerName: `${hostname()}:${process.pid}`,
  };
}
