import { join } from 'node:path';

import { cleanEnvironment } from './clean-environment.ts';
import { onSomePort } from './ports.ts';
import { CHECKOUT } from './rov-folder.ts';
import { startServerProcess } from './server-process.ts';
import type { Server } from './server.ts';

export const CENTRIFUGO_CONFIG = join(CHECKOUT, 'centrifugo.json');

export interface CentrifugoOptions {
  /** Any free port when absent. */
  port?: number | undefined;
  apiKey: string;
  hmacSecret: string;
  /** Exact origins of the browsers that may connect. */
  allowedOrigins: string[];
  /** Where the engine keeps its state: in the process, or in the Redis at this address. */
  engine?: { redis: string } | undefined;
  /** More `CENTRIFUGO_*` variables, which override `centrifugo.json`. */
  settings?: Record<string, string> | undefined;
  logFile?: string | undefined;
  onSpawn?: ((pid: number) => void) | undefined;
}

/** Starts a Centrifugo, or the stand-in, with `centrifugo.json`; ready when `/health` answers 200. */
export async function startCentrifugoProgram(
  options: CentrifugoOptions & { program: string; tier: string },
): Promise<Server> {
  return onSomePort(options.port, async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const server = await startServerProcess({
      name: 'Centrifugo',
      command: options.program,
      args: ['--config', CENTRIFUGO_CONFIG],
      env: cleanEnvironment(centrifugoEnvironment({ ...options, address: '127.0.0.1', port })),
      ready: async () =>
        (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })).status === 200,
      ...(options.logFile !== undefined && { logFile: options.logFile }),
      onSpawn: options.onSpawn,
    });
    return { part: 'centrifugo', url, port, tier: options.tier, why: '', ...server };
  });
}

/** The variables that complete `centrifugo.json`: secrets, address and origins are never in that file. */
export function centrifugoEnvironment(
  options: CentrifugoOptions & { address: string; port: number },
): Record<string, string> {
  return {
    CENTRIFUGO_HTTP_API_KEY: options.apiKey,
    CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: options.hmacSecret,
    CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: options.allowedOrigins.join(' '),
    CENTRIFUGO_HTTP_SERVER_ADDRESS: options.address,
    CENTRIFUGO_HTTP_SERVER_PORT: String(options.port),
    ...(options.engine && {
      CENTRIFUGO_ENGINE_TYPE: 'redis',
      CENTRIFUGO_ENGINE_REDIS_ADDRESS: options.engine.redis,
    }),
    ...options.settings,
  };
}
