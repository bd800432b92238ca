import { randomBytes } from 'node:crypto';

import { startCentrifugo } from '../../embedded/parts.ts';
import type { Server } from '../../embedded/server.ts';
import { enter } from './ledger.ts';

export type TestCentrifugo = {
  /** Base of the HTTP API. */
  url: string;
  /** What clients connect to. */
  wsUrl: string;
  port: number;
  apiKey: string;
  hmacSecret: string;
  /** Which way it was brought up: the official program, a container, the stand-in. */
  tier: string;
  /** False for a server given by URL, which is not ours to kill. */
  killable: boolean;
  /** The last lines that it wrote. */
  logTail(): string;
  /** SIGSTOP: connections stay open, nothing is answered. Not for a server in a container. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** SIGKILL. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same secrets. Resolves once its port answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type TestCentrifugoOptions = {
  ledger: string;
  port?: number | undefined;
  /** Exact origins of browsers; clients outside of browsers send none and need none. */
  allowedOrigins?: string[] | undefined;
  /** Keep history and fences in this Redis instead of in the process. */
  engine?: { redis: string } | undefined;
  /** More `CENTRIFUGO_*` variables. */
  settings?: Record<string, string> | undefined;
};

/** Whether tests that kill Centrifugo can run here; for `describe.skipIf`. */
export const centrifugoIsGiven = Boolean(process.env['TEST_CENTRIFUGO_URL']);

/**
 * A Centrifugo of one's own. With TEST_CENTRIFUGO_URL it is that one, with the secrets in TEST_CENTRIFUGO_API_KEY
 * and TEST_CENTRIFUGO_TOKEN_HMAC_SECRET.
 */
export async function startTestCentrifugo(options: TestCentrifugoOptions): Promise<TestCentrifugo> {
  const apiKey = secretFor('TEST_CENTRIFUGO_API_KEY');
  const hmacSecret = secretFor('TEST_CENTRIFUGO_TOKEN_HMAC_SECRET');
  const start = async (port?: number): Promise<{ server: Server; strike: () => void }> => {
    let strike = (): void => undefined;
    const server = await startCentrifugo({
      purpose: 'tests',
      ...(port !== undefined && { port }),
      apiKey,
      hmacSecret,
      allowedOrigins: options.allowedOrigins ?? [],
      engine: options.engine,
      settings: options.settings,
      onSpawn: (pid) => {
        strike = enter(options.ledger, { pid, name: 'centrifugo' });
      },
    });
    return { server, strike };
  };

  let running = await start(options.port);
  const { url, port, tier } = running.server;
  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    await running.server[how]();
    running.strike();
  };
  return {
    url,
    wsUrl: `${url.replace(/^http/, 'ws')}/connection/websocket`,
    port,
    apiKey,
    hmacSecret,
    tier,
    killable: !centrifugoIsGiven,
    logTail: () => running.server.logTail(),
    pause: () => running.server.signal('SIGSTOP'),
    resume: () => running.server.signal('SIGCONT'),
    kill: () => end('kill'),
    stop: () => end('stop'),
    restart: async () => {
      running = await start(port);
    },
  };
}

function secretFor(variable: string): string {
  const given = process.env[variable];
  if (centrifugoIsGiven && !given) throw new Error(`TEST_CENTRIFUGO_URL needs ${variable} as well`);
  return centrifugoIsGiven && given ? given : randomBytes(24).toString('hex');
}
