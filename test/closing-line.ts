import { writeFileSync } from 'node:fs';

import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

import { closingLine } from '../scripts/tally.ts';
import type { Tally } from '../scripts/tally.ts';

/**
 * Ends a run with the plain line `N passed, N failed, N skipped`, after everything else that vitest prints.
 *
 * What fails outside a test counts as one failure each: a file that could not be loaded, an error that nobody caught,
 * and whatever else made the process fail without a failed test (a global set-up, a threshold, a filter that matches
 * nothing). With TALLY_FILE set, the figures go into that file as JSON and the caller prints the line.
 */
export default class ClosingLine implements Reporter {
  #tally: Tally = { passed: 0, failed: 0, skipped: 0 };

  /** From the beginning, so that a run which never ends properly has its line as well. */
  onInit(): void {
    process.once('exit', (code) => {
      const tally = this.#tally;
      if (code !== 0 && tally.failed === 0) tally.failed = 1;
      const file = process.env['TALLY_FILE'];
      if (file) writeFileSync(file, JSON.stringify(tally));
      else process.stdout.write(`\n${closingLine(tally)}\n`);
    });
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const tally = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      const before = tally.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') tally[state] += 1;
        else tally.skipped += 1;
      }
      if (module.state() === 'failed' && tally.failed === before) tally.failed += 1;
    }
    if (reason === 'interrupted' && tally.failed === 0) tally.failed = 1;
    this.#tally = tally;
  }
}
