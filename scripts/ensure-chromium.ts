import { existsSync } from 'node:fs';

import { findChromium } from '../test/chromium.ts';
import { runStep } from './run-step.ts';

/**
 * The path of a Chromium, installing Debian's when there is none and this is root on Debian.
 *
 * @returns undefined when there is none and none could be had; why has been printed.
 */
export async function ensureChromium(): Promise<string | undefined> {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return undefined;
  console.log('chromium: not on PATH; installing it with apt-get (root on Debian)');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runStep(['apt-get', 'update', '-q'], { env });
  const { code, output, seconds } = await runStep(
    ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'],
    { env },
  );
  if (code !== 0) console.log(output.split('\n').slice(-15).join('\n').trimEnd());
  else console.log(`chromium: installed in ${seconds.toFixed(0)} s`);
  return findChromium();
}
