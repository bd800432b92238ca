import type { Budget } from './budgets.ts';
import { readable } from './readable.ts';
import type { Run } from './reading.ts';
import { spreadOf } from './spread.ts';

export type Line = {
  what: string;
  verdict: 'pass' | 'FAIL' | 'not-measured';
  text: string;
};

/**
 * One line per budget. An absolute figure never decides: machines differ, the ratio of two figures of one run hardly
 * does. Of several runs the median of their ratios counts. A figure of ours that the sink complains of keeps no budget,
 * and one without a reference is not measured.
 */
export function lineOf(budget: Budget, runs: readonly Run[]): Line {
  const { what, reference } = budget;
  const pairs = runs.map((run) => ({
    ours: run.find((one) => one.what === what && one.contender === 'rov'),
    theirs: run.find((one) => one.what === what && one.contender === reference),
  }));
  const ours = pairs.flatMap((pair) => pair.ours ?? []);
  const theirs = pairs.flatMap((pair) => pair.theirs ?? []);
  const ratios = pairs.flatMap((pair) =>
    pair.ours && pair.theirs ? pair.ours.value / pair.theirs.value : [],
  );
  const [fault] = faultsOf(ours);
  const verdict = ratios.length === 0 ? 'not-measured' : isKept(budget, ratios) ? 'pass' : 'FAIL';
  const text = [
    what,
    `ours=${medianOf(ours)}`,
    `reference=${medianOf(theirs)} (${[reference, ...faultsOf(theirs)].join(': ')})`,
    ...(ratios.length === 0 ? [] : [`ratio=${ratioOf(ratios)}`]),
    `budget=${'atLeast' in budget ? `>=${budget.atLeast}` : `<=${budget.atMost}`}`,
    fault ? `FAIL (at the socket: ${fault})` : verdict,
  ].join(' ');
  return { what, verdict: fault ? 'FAIL' : verdict, text };
}

function isKept(budget: Budget, ratios: readonly number[]): boolean {
  const { median } = spreadOf(ratios);
  return 'atLeast' in budget ? median >= budget.atLeast : median <= budget.atMost;
}

/** The first of them. */
function faultsOf(readings: Run): string[] {
  return readings.flatMap(({ fault }) => fault ?? []).slice(0, 1);
}

function medianOf(readings: Run): string {
  const [first] = readings;
  if (!first) return 'absent';
  return `${readable(spreadOf(readings.map(({ value }) => value)).median)} ${first.unit}`;
}

function ratioOf(ratios: readonly number[]): string {
  const { median, lowest, highest } = spreadOf(ratios);
  const range = ratios.length === 1 ? '' : ` [${lowest.toFixed(2)}–${highest.toFixed(2)}]`;
  return `${median.toFixed(2)}${range}`;
}
