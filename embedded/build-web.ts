import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { checksum } from './checksum.ts';
import { CHECKOUT } from './rov-folder.ts';

const run = promisify(execFile);

/** Builds the web client unless `stamp` says that these very sources were built. Tells which it was. */
export async function buildWeb(stamp: string): Promise<'built' | 'up to date'> {
  const wanted = checksum({
    root: CHECKOUT,
    folders: ['web', 'realtime'],
    files: ['package-lock.json'],
    wanted: (path) => !/(^|\/)(dist|node_modules)\/|\.test\.tsx?$/.test(path),
  });
  const built = existsSync(join(CHECKOUT, 'web/dist/index.html'));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'up to date';
  try {
    await run(process.execPath, [join(CHECKOUT, 'node_modules/vite/bin/vite.js'), 'build', 'web'], {
      cwd: CHECKOUT,
      // Whoever asks, a test for instance, may be no production; the web client is.
      env: { ...process.env, NODE_ENV: 'production' },
    });
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? error.stderr : error;
    throw new Error(`the web client could not be built:\n${String(words)}`, { cause: error });
  }
  writeFileSync(stamp, wanted);
  return 'built';
}
