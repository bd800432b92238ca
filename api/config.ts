import * as z from 'zod';

import {
  databaseUrl,
  httpUrl,
  logLevel,
  parseEnvironment,
  port,
  portNumber,
  redisUrl,
  secret,
} from '../core/config.ts';
import { readQuotas } from '../core/limits/quotas.ts';
import type { Quotas } from '../core/limits/quotas.ts';
import type { AuthConfig } from './authenticate.ts';

export type ApiConfig = {
  databaseUrl: string;
  redisUrl: string;
  queuePrefix: string | undefined;
  centrifugo: { url: string; apiKey: string; tokenSecret: string; websocketUrl: string };
  auth: AuthConfig;
  host: string;
  port: number;
  /** Where `/metrics` is answered; nowhere when absent. */
  metricsPort: number | undefined;
  allowedOrigins: string[];
  /** Null: nobody is limited. */
  quotas: Quotas | null;
  logLevel: string;
};

const DEVELOPMENT_ORIGINS = 'http://localhost:3000 http://localhost:4000 http://localhost:5173';

/** Origins as browsers write them, separated by white space. `*` is none: tokens would be for anybody. */
const origins = z
  .string()
  .default(DEVELOPMENT_ORIGINS)
  .transform((list) => list.split(/\s+/).filter((origin) => origin !== ''))
  .pipe(
    z.array(z.string().refine(isOrigin, 'must be exact origins, like https://chat.example.com')),
  );

/** `off`, or what differs from the quotas that there are: `send=100/10` is a hundred sends in ten seconds. */
const quotas = z
  .string()
  .default('')
  .transform((written, context) => {
    if (written === 'off') return null;
    const read = readQuotas(written);
    if (read === null) {
      context.addIssue('must be off, or quotas like send=100/10 read=600/10');
      return z.NEVER;
    }
    return read;
  });

const Environment = z
  .object({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: z.string().optional(),
    CENTRIFUGO_URL: httpUrl.default('http://localhost:8000'),
    CENTRIFUGO_API_KEY: z.string().min(1),
    CENTRIFUGO_TOKEN_HMAC_SECRET: secret,
    CENTRIFUGO_WS_URL: z.url({ protocol: /^wss?$/ }),
    AUTH_JWT_SECRET: secret.optional(),
    AUTH_JWKS_URL: httpUrl.optional(),
    AUTH_ISSUER: z.string().min(1),
    AUTH_AUDIENCE: z.string().min(1),
    HOST: z.string().default('127.0.0.1'),
    PORT: port(4000),
    METRICS_PORT: portNumber.optional(),
    ALLOWED_ORIGINS: origins,
    RATE_LIMITS: quotas,
    LOG_LEVEL: logLevel,
  })
  .refine(
    ({ AUTH_JWT_SECRET, AUTH_JWKS_URL }) =>
      (AUTH_JWT_SECRET === undefined) !== (AUTH_JWKS_URL === undefined),
    {
      path: ['AUTH_JWT_SECRET'],
      message: 'set exactly one of AUTH_JWT_SECRET and AUTH_JWKS_URL',
      // Also when another variable is wrong, so that all faults are told at once.
      when: () => true,
    },
  );

/** Reads what the API needs from the environment; throws a ConfigError that names every fault. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ApiConfig {
  const env = parseEnvironment(Environment, environment);
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    queuePrefix: env.QUEUE_PREFIX,
    centrifugo: {
      url: env.CENTRIFUGO_URL,
      apiKey: env.CENTRIFUGO_API_KEY,
      tokenSecret: env.CENTRIFUGO_TOKEN_HMAC_SECRET,
      websocketUrl: env.CENTRIFUGO_WS_URL,
    },
    auth: {
      key:
        env.AUTH_JWKS_URL === undefined
          ? { kind: 'secret', secret: env.AUTH_JWT_SECRET ?? '' }
          : { kind: 'jwks', url: env.AUTH_JWKS_URL },
      issuer: env.AUTH_ISSUER,
      audience: env.AUTH_AUDIENCE,
    },
    host: env.HOST,
    port: env.PORT,
    metricsPort: env.METRICS_PORT,
    allowedOrigins: env.ALLOWED_ORIGINS,
    quotas: env.RATE_LIMITS,
    logLevel: env.LOG_LEVEL,
  };
}

function isOrigin(text: string): boolean {
  return URL.parse(text)?.origin === text && /^https?:/.test(text) && !text.includes('*');
}
