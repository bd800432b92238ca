import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { committedContract, metIn, unseenOf } from '../test/harness/unseen.ts';
import { ROOT, runStep } from './run-step.ts';
import { sum } from './tally.ts';
import type { Tally } from './tally.ts';

/**
 * Runs every test on the terminal and returns vitest's figures, which its reporter leaves in a file instead of printing
 * them, with one more: whether the tests have met all of the contract.
 */
export async function runVitest(): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'rov-run-'));
  const file = join(folder, 'tally.json');
  const evidence = join(folder, 'evidence');
  await mkdir(evidence);
  try {
    const { code } = await runStep(['vitest', 'run'], {
      inherit: true,
      env: { TALLY_FILE: file, CONTRACT_EVIDENCE: evidence },
    });
    const tally = await readTally(file);
    if (code !== 0 && tally.failed === 0) tally.failed = 1;
    return sum([tally, await contractTally(evidence)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whatever is documented and was never seen in a whole run is not tested: it is named, and counts as one failure. */
async function contractTally(evidence: string): Promise<Tally> {
  const unseen = unseenOf(await committedContract(ROOT), { met: await metIn(evidence) });
  const isMet = unseen.length === 0;
  console.log(`${isMet ? 'ok  ' : 'FAIL'} contract     every status and every event was met`);
  for (const line of unseen) console.log(`     ${line}`);
  return { passed: Number(isMet), failed: Number(!isMet), skipped: 0 };
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
