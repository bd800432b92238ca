import type { Secrets } from './secrets.ts';

export interface Addresses {
  databaseUrl: string;
  redisUrl: string;
  centrifugoUrl: string;
  appPort: number;
  dashboardPort: number;
  workerPort: number;
}

export interface DoorEnvironment {
  api: Record<string, string>;
  worker: Record<string, string>;
  dashboard: Record<string, string>;
}

/** What each door finds in its environment: what was set by hand, else what this run made. */
export function doorEnvironment(options: {
  secrets: Secrets;
  addresses: Addresses;
  allowedOrigins: string[];
  /** `name:role:hash`. */
  operator: string;
  /** Variables that were set and not left empty. */
  byHand: Record<string, string>;
}): DoorEnvironment {
  const { secrets, addresses, byHand } = options;
  const take = (defaults: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, byHand[name] ?? value]),
    );
  const optional = (...names: string[]): Record<string, string> =>
    Object.fromEntries(names.flatMap((name) => (byHand[name] ? [[name, byHand[name]]] : [])));

  const common = {
    DATABASE_URL: addresses.databaseUrl,
    REDIS_URL: addresses.redisUrl,
    ...optional('LOG_LEVEL'),
  };
  const centrifugo = {
    CENTRIFUGO_URL: addresses.centrifugoUrl,
    ...take({ CENTRIFUGO_API_KEY: secrets.centrifugoApiKey }),
  };
  return {
    api: {
      ...common,
      ...centrifugo,
      ...take({
        CENTRIFUGO_TOKEN_HMAC_SECRET: secrets.centrifugoHmacSecret,
        CENTRIFUGO_WS_URL: `${addresses.centrifugoUrl.replace(/^http/, 'ws')}/connection/websocket`,
      }),
      // With a key set of an identity provider the demo login has nothing to sign with and stays away.
      ...(byHand['AUTH_JWKS_URL']
        ? optional('AUTH_JWKS_URL')
        : take({ AUTH_JWT_SECRET: secrets.authJwtSecret })),
      ...take({ AUTH_ISSUER: 'rov-demo', AUTH_AUDIENCE: 'rov' }),
      HOST: '127.0.0.1',
      PORT: String(addresses.appPort),
      ALLOWED_ORIGINS: options.allowedOrigins.join(' '),
    },
    worker: {
      ...common,
      ...centrifugo,
      ...optional('WORKER_CONCURRENCY'),
      HOST: '127.0.0.1',
      WORKER_PORT: String(addresses.workerPort),
    },
    dashboard: {
      ...common,
      ...take({
        OPERATORS: options.operator,
        DASHBOARD_SESSION_SECRET: secrets.dashboardSessionSecret,
      }),
      HOST: '127.0.0.1',
      DASHBOARD_PORT: String(addresses.dashboardPort),
    },
  };
}
