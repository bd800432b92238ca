import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { checksum } from './checksum.ts';

const run = promisify(execFile);
const SOURCES = join(import.meta.dirname, 'centrifugo');

/** How the stand-in is compiled. Its tests are, too: they try what will run, and Go compiles the libraries once for both. */
export const GO_BUILD = {
  flags: ['-trimpath'],
  env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
};

/**
 * Builds `embedded/centrifugo` unless this very source was built before, and gives the path of the program.
 * The checksum is part of the name, so that a running older build is never overwritten.
 */
export async function buildStandIn(options: {
  go: string;
  folder: string;
  say: (line: string) => void;
}): Promise<string> {
  const sources = checksum({
    root: SOURCES,
    folders: ['.'],
    wanted: (path) => /(\.go|go\.mod|go\.sum)$/.test(path) && !path.endsWith('_test.go'),
  });
  const program = join(options.folder, `centrifugo-stand-in-${sources.slice(0, 12)}`);
  if (existsSync(program)) return program;
  options.say('building the Centrifugo stand-in with Go, once (a minute or two the first time)');
  mkdirSync(options.folder, { recursive: true });
  const half = `${program}.${randomUUID()}`;
  try {
    await run(options.go, ['build', ...GO_BUILD.flags, '-ldflags', '-s -w', '-o', half, '.'], {
      cwd: SOURCES,
      env: { ...process.env, ...GO_BUILD.env },
      maxBuffer: 16 * 1024 * 1024,
    });
    renameSync(half, program);
  } finally {
    rmSync(half, { force: true });
  }
  removeOlder(options.folder, program);
  return program;
}

function removeOlder(folder: string, current: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/^centrifugo-stand-in-[0-9a-f]{12}$/.test(name) && path !== current)
      rmSync(path, { force: true });
  }
}
