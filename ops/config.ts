import { userInfo } from 'node:os';

import * as z from 'zod';

import { databaseUrl, parseEnvironment, redisUrl } from '../core/config.ts';

const Environment = z.object({
  DATABASE_URL: databaseUrl,
  /** Without it the sweeper finds what was written, half a second later. */
  REDIS_URL: redisUrl.optional(),
  QUEUE_PREFIX: z.string().min(1).optional(),
  /** Who acts, unless `--as` says so. */
  OPERATOR: z.string().min(1).optional(),
});

export type OpsConfig = z.infer<typeof Environment>;

/** Throws a ConfigError that lists every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): OpsConfig {
  return { ...parseEnvironment(Environment, env), OPERATOR: env['OPERATOR'] ?? systemUser() };
}

/** A container may run as somebody without a name. */
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
