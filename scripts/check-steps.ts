import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT, runStep } from './run-step.ts';
import type { StepResult } from './run-step.ts';
import type { Tally } from './tally.ts';

const AT_ONCE = 2;

/**
 * Runs every `check:…` script of package.json, two at a time in the order in which they stand there, and prints a
 * line for each as it ends, with the output of those that failed. Each counts as one test.
 */
export async function runCheckSteps(root: string = ROOT): Promise<Tally> {
  const waiting = await checkScripts(root);
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, script] = next;
      const result = await runStep(['sh', '-c', script], { cwd: root });
      const ok = hasPassed(result);
      tally[ok ? 'passed' : 'failed'] += 1;
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
      if (!ok) console.log(result.output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // A check that finds nothing to check has lost its subject.
  if (tally.passed + tally.failed === 0) {
    console.log('FAIL no check:… script in package.json');
    tally.failed = 1;
  }
  return tally;
}

/** dependency-cruiser without a readable TypeScript sees nothing and is content with it. */
function hasPassed({ code, output }: StepResult): boolean {
  return code === 0 && !output.includes('(0 modules');
}

async function checkScripts(root: string): Promise<[name: string, script: string][]> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest)) return [];
  return Object.entries(manifest.scripts ?? {})
    .filter(([name]) => name.startsWith('check:'))
    .map(([name, script]) => [name.slice('check:'.length), String(script)]);
}
