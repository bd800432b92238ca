import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runStep } from './run-step.ts';
import type { Tally } from './tally.ts';

/** Runs vitest on the terminal and returns its figures, which its reporter leaves in a file instead of printing them. */
export async function runVitest(): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'rov-tally-'));
  const file = join(folder, 'tally.json');
  try {
    const { code } = await runStep(['vitest', 'run'], { inherit: true, env: { TALLY_FILE: file } });
    const tally = await readTally(file);
    if (code !== 0 && tally.failed === 0) tally.failed = 1;
    return tally;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A vitest that died before its reporter wrote anything is one failure. */
async function readTally(file: string): Promise<Tally> {
  const dead = { passed: 0, failed: 1, skipped: 0 };
  const text = await readFile(file, 'utf8').catch(() => 'null');
  const value: unknown = JSON.parse(text);
  return isTally(value) ? value : dead;
}

function isTally(value: unknown): value is Tally {
  if (typeof value !== 'object' || value === null) return false;
  return 'passed' in value && 'failed' in value && 'skipped' in value;
}
