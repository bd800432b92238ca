import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';

export const CHECKOUT = realpathSync(join(import.meta.dirname, '..'));

/** Tells this checkout from others on the machine, where something of it must lie outside. */
export const CHECKOUT_ID = `${basename(CHECKOUT)}-${createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 12)}`;

/** Where `npm start` keeps everything; git ignores it, `npm run reset` empties it. */
export const ROV = join(CHECKOUT, '.rov');

export const ROV_FILES = {
  /** Which process holds the folder. */
  claim: join(ROV, 'run/start.json'),
  pids: join(ROV, 'run'),
  logs: join(ROV, 'logs'),
  secrets: join(ROV, 'secrets.json'),
  postgres: join(ROV, 'postgres'),
  /** Holds the name of the Docker volume, where Postgres runs in a container. */
  postgresVolume: join(ROV, 'postgres-volume'),
  redis: join(ROV, 'redis'),
  bin: join(ROV, 'bin'),
  webBuild: join(ROV, 'web-build'),
  /** What Node made of our sources, so that the next start need not. */
  compileCache: join(ROV, 'compile-cache'),
} as const;

/** Makes the folder. Postgres under root runs as somebody else, who passes through to its data; secrets have modes of their own. */
export function makeRovFolder(): void {
  mkdirSync(ROV_FILES.logs, { recursive: true });
  chmodSync(ROV, 0o711);
}

/** The log file of a part, empty; that of the run before is kept beside it. */
export function freshLog(part: string): string {
  const file = join(ROV_FILES.logs, `${part}.log`);
  if (existsSync(file)) renameSync(file, `${file}.1`);
  return file;
}
