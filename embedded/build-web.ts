import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CHECKOUT } from './rov-folder.ts';

const run = promisify(execFile);
const SOURCES = ['web', 'realtime'];

/** Builds the web client unless `stamp` says that these very sources were built. Tells which it was. */
export async function buildWeb(stamp: string): Promise<'built' | 'up to date'> {
  const wanted = checksum();
  const built = existsSync(join(CHECKOUT, 'web/dist/index.html'));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'up to date';
  try {
    await run(process.execPath, [join(CHECKOUT, 'node_modules/vite/bin/vite.js'), 'build', 'web'], {
      cwd: CHECKOUT,
    });
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? error.stderr : error;
    throw new Error(`the web client could not be built:\n${String(words)}`, { cause: error });
  }
  writeFileSync(stamp, wanted);
  return 'built';
}

function checksum(): string {
  const hash = createHash('sha256').update(readFileSync(join(CHECKOUT, 'package-lock.json')));
  for (const folder of SOURCES) {
    for (const entry of readdirSync(join(CHECKOUT, folder), {
      recursive: true,
      withFileTypes: true,
    })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || /[\\/](dist|node_modules)[\\/]|\.test\.tsx?$/.test(path)) continue;
      hash.update(`${path}\n`).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}
