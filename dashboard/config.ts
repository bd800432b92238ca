import * as z from 'zod';

import * as environment from '../core/config.ts';
import { operatorsSchema } from './operators.ts';
import { trustedProxiesSchema } from './trusted-proxies.ts';

const schema = z.object({
  DATABASE_URL: environment.databaseUrl,
  REDIS_URL: environment.redisUrl,
  QUEUE_PREFIX: z.string().min(1).optional(),
  OPERATORS: operatorsSchema,
  DASHBOARD_SESSION_SECRET: environment.secret,
  DASHBOARD_PORT: environment.port(4001),
  TRUSTED_PROXIES: trustedProxiesSchema,
  HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: environment.logLevel,
});

export type DashboardConfig = z.infer<typeof schema>;

/** Throws a ConfigError that lists every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): DashboardConfig {
  return environment.parseEnvironment(schema, env);
}
