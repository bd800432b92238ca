/** How many tests, or steps that count as one test, ended in which way. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The tallies of several runs as one. */
export function sum(tallies: readonly Tally[]): Tally {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

/** The last line of a test run, as continuous integration reads it. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}
