import { expect, it } from 'vitest';

import type { Run } from './reading.ts';
import { rowsOf, tableOf } from './report.ts';

const reading = (what: string, contender: string, value: number, fault: string | null = null) => ({
  ...{ what, contender, value, fault, unit: 'ms' },
});
const runs: Run[] = [
  [reading('a', 'rov', 3), reading('a', 'other', 30, '2 out of order')],
  [reading('a', 'rov', 1), reading('a', 'other', 10)],
  [reading('a', 'rov', 2), reading('a', 'other', 20)],
];

it('puts the runs of each contender together', () => {
  const rows = rowsOf(runs);
  expect(rows.map(({ contender, median }) => [contender, median])).toEqual([
    ['rov', 2],
    ['other', 20],
  ]);
  expect(rows[0]).toMatchObject({ lowest: 1, highest: 3, values: [3, 1, 2], faults: [] });
  expect(rows[1]!.faults).toEqual(['2 out of order']);
});

it('writes medians, ranges, what the sockets missed, and where it was measured', () => {
  const table = tableOf({
    measuredAt: '2026-01-31T12:00:00Z',
    machine: {
      ...{ processors: '2 x Z80', memoryGiB: 4, system: 'CP/M 3', load: 0.1, commit: 'abc' },
      versions: { node: '26', postgres: '18', redis: '7', centrifugo: '6' },
    },
    options: { quick: false, runs: 3, only: [], scale: 0.5, rates: undefined },
    rows: rowsOf(runs),
    lines: [{ what: 'a', verdict: 'pass', text: 'a ours=2 pass' }],
  });
  expect(table).toContain('| a | rov | 2.00 ms | 1.00–3.00 | 3 | all, once, in order |');
  expect(table).toContain('| a | other | 20.0 ms | 10.0–30.0 | 3 | 2 out of order |');
  expect(table).toContain('- a ours=2 pass');
  expect(table).toContain('2 x Z80, 4 GiB, CP/M 3; load 0.1 before; commit abc; full, scaled.');
  expect(table).toContain('node 26, postgres 18, redis 7, centrifugo 6');
});
