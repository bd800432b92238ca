import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { checksum } from '../../embedded/checksum.ts';
import { cleanEnvironment } from '../../embedded/clean-environment.ts';
import { startServerProcess } from '../../embedded/server-process.ts';
import type { ServerProcess } from '../../embedded/server-process.ts';
import { buildRealtime, packRealtime } from '../../scripts/realtime-package.ts';
import { ROOT } from '../../scripts/run-step.ts';
import { enter } from './ledger.ts';

const run = promisify(execFile);

const EXAMPLE = join(ROOT, 'examples/next');
const MODULES = join(EXAMPLE, 'node_modules');
const NEXT = join(MODULES, 'next/dist/bin/next');
/** What installing, building and running leave behind, and tests. */
const MADE =
  /(^|\/)(\.next|dist|node_modules)\/|next-env\.d\.ts$|\.tsbuildinfo$|\.env\.local$|\.test\.tsx?$/;
const QUIET = { NEXT_TELEMETRY_DISABLED: '1' };

/** Packs the package, installs it in examples/next as its README says, and builds that; once for the same sources. */
export async function buildNextExample(): Promise<void> {
  const stamp = join(EXAMPLE, '.next/built');
  const wanted = checksum({
    ...{ root: ROOT, folders: ['examples/next', 'realtime'], files: ['package-lock.json'] },
    wanted: (path) => !MADE.test(path),
  });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const dist = join(ROOT, 'realtime/dist');
  await rm(dist, { recursive: true, force: true });
  const built = join(dist, 'package');
  await buildRealtime(built);
  await install(await packRealtime(built));
  await rm(join(EXAMPLE, '.next'), { recursive: true, force: true });
  await told(process.execPath, [NEXT, 'build'], cleanEnvironment(QUIET));
  writeFileSync(stamp, wanted);
}

/** All packages once for a lock; the tarball, whose version stays the same, each time. */
async function install(tarball: string): Promise<void> {
  const stamp = join(MODULES, '.stamp');
  const wanted = checksum({ root: EXAMPLE, folders: [], files: ['package-lock.json'] });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    const quick = ['--prefer-offline', '--loglevel=error'];
    await told('npm', ['ci', '--include=dev', '--include=optional', ...quick]);
    writeFileSync(stamp, wanted);
  }
  const realtime = join(MODULES, '@rov/realtime');
  await rm(realtime, { recursive: true });
  await mkdir(realtime);
  await told('tar', ['xzf', tarball, '--strip-components=1', '-C', realtime]);
}

/** npm is told by its environment where it finds its packages, and whose word it takes for it. */
async function told(command: string, args: string[], env = process.env): Promise<void> {
  await run(command, args, { cwd: EXAMPLE, env }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  });
}

/** Serves what was built. */
export async function startNextExample(options: {
  ledger: string;
  port: number;
  env: Record<string, string>;
}): Promise<ServerProcess> {
  const { ledger, port, env } = options;
  let strike = (): void => undefined;
  const server = await startServerProcess({
    name: 'next',
    command: process.execPath,
    args: [NEXT, 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    cwd: EXAMPLE,
    env: cleanEnvironment({ ...QUIET, ...env }),
    ready: /Ready in/,
    readyTimeoutMs: 45_000,
    onSpawn: (pid) => {
      strike = enter(ledger, { pid, name: 'next' });
    },
  });
  void server.gone.then(() => strike());
  return server;
}
