import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import manifest from '../realtime/package.json' with { type: 'json' };
import { ROOT, runStep } from './run-step.ts';

const SOURCE = join(ROOT, 'realtime');

/**
 * Builds @rov/realtime as its users get it. Here its `exports` are its sources; the built folder has a manifest of its
 * own, for npm takes no other `exports` from `publishConfig`, and a condition of our own some tools leave out in silence.
 */
export async function buildRealtime(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run(['tsc', '-p', join(SOURCE, 'tsconfig.build.json'), '--outDir', folder]);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`);
  await copyFile(join(SOURCE, 'README.md'), join(folder, 'README.md'));
}

/** Packs what was built into the folder above it, and returns the tarball's path. */
export async function packRealtime(folder: string): Promise<string> {
  const above = dirname(folder);
  await run(['npm', 'pack', folder, '--pack-destination', above, '--loglevel=error']);
  return join(above, `rov-realtime-${manifest.version}.tgz`);
}

/** The manifest as users get it: built files, and ranges in place of the versions that are tested here. */
function published() {
  const { devDependencies: _ours, exports, dependencies, ...rest } = manifest;
  return {
    ...rest,
    exports: mapValues(exports, (path) =>
      path.endsWith('.ts')
        ? { types: path.replace(/ts$/, 'd.ts'), default: path.replace(/ts$/, 'js') }
        : path,
    ),
    dependencies: mapValues(dependencies, (version) => `^${version}`),
  };
}

function mapValues<T>(record: Record<string, string>, to: (value: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

async function run(command: readonly [string, ...string[]]): Promise<void> {
  const { code, output } = await runStep(command);
  if (code !== 0) throw new Error(`${command[0]} failed:\n${output}`);
}
