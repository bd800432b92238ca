import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { GO_BUILD } from '../embedded/stand-in.ts';
import { ROOT, runStep } from './run-step.ts';
import type { Tally } from './tally.ts';

const STAND_IN = join(ROOT, 'embedded', 'centrifugo');

/** One line of `go test -json`: an event of a package, or of a test when `Test` is there. */
interface GoEvent {
  Action: string;
  Package?: string;
  Test?: string;
  Output?: string;
}

/**
 * Runs the tests of the Centrifugo stand-in and prints one line, with Go's words when something failed. Without Go
 * on PATH they count as one skipped test, and the line says so.
 */
export async function runGoTests(): Promise<Tally> {
  if (!existsSync(join(STAND_IN, 'go.mod'))) return { passed: 0, failed: 0, skipped: 0 };
  const go = await runStep(['go', 'version']);
  if (go.code !== 0) {
    console.log('SKIP go           the stand-in is NOT tested: there is no go on PATH');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { code, output, seconds } = await runStep(
    ['go', 'test', ...GO_BUILD.flags, '-json', './...'],
    {
      cwd: STAND_IN,
      env: GO_BUILD.env,
    },
  );
  const tally = countGoTests({ code, output });
  const ok = tally.failed === 0;
  const figures = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${'go'.padEnd(12)} ${seconds.toFixed(1)} s, ${figures}`);
  if (!ok) console.log(plainText(output).trimEnd());
  return tally;
}

/**
 * Counts tests that have no subtests. What fails without a failed test (a package that does not compile, a panic)
 * counts as one failure, and so does a run in which nothing ran at all.
 */
export function countGoTests({ code, output }: { code: number; output: string }): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const ended = parseEvents(output).filter((event) => event.Test !== undefined);
  const parents = new Set(ended.flatMap(ancestors));
  for (const event of ended) {
    if (parents.has(`${event.Package} ${event.Test}`)) continue;
    if (event.Action === 'pass') tally.passed += 1;
    else if (event.Action === 'fail') tally.failed += 1;
    else if (event.Action === 'skip') tally.skipped += 1;
  }
  const nothingRan = tally.passed + tally.failed + tally.skipped === 0;
  if (tally.failed === 0 && (code !== 0 || nothingRan)) tally.failed = 1;
  return tally;
}

function ancestors({ Package, Test = '' }: GoEvent): string[] {
  const parts = Test.split('/');
  return parts.slice(1).map((_, index) => `${Package} ${parts.slice(0, index + 1).join('/')}`);
}

function plainText(output: string): string {
  const words = parseEvents(output).map((event) => event.Output ?? '');
  const others = output.split('\n').filter((line) => !line.startsWith('{'));
  return [...words, ...others.map((line) => `${line}\n`)].join('');
}

/** A test may print what looks like an event and is none. */
function parseEvents(output: string): GoEvent[] {
  return output.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isGoEvent(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

function isGoEvent(value: unknown): value is GoEvent {
  return typeof value === 'object' && value !== null && 'Action' in value;
}
