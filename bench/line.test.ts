import { expect, it } from 'vitest';

import { lineOf } from './line.ts';
import type { Run } from './reading.ts';

const budget = { scenario: 'catch-up', what: 'x', reference: 'that' } as const;

function run(ours: number | null, reference: number | null, fault: string | null = null): Run {
  const reading = (contender: string, value: number, fault: string | null) => ({
    ...{ what: 'x', unit: 'ms', contender, value, fault },
  });
  return [
    ...(ours === null ? [] : [reading('rov', ours, fault)]),
    ...(reference === null ? [] : [reading('that', reference, null)]),
  ];
}

it('keeps a budget up to its border and not beyond', () => {
  const verdict = (bound: { atMost: number } | { atLeast: number }) =>
    lineOf({ ...budget, ...bound }, [run(2, 1)]).verdict;
  expect(verdict({ atMost: 2 })).toBe('pass');
  expect(verdict({ atMost: 1.9 })).toBe('FAIL');
  expect(verdict({ atLeast: 2 })).toBe('pass');
  expect(verdict({ atLeast: 2.1 })).toBe('FAIL');
});

it('says both figures, the ratio and the budget', () => {
  expect(lineOf({ ...budget, atLeast: 3 }, [run(12_345, 1_000)]).text).toBe(
    'x ours=12,345 ms reference=1,000 ms (that) ratio=12.35 budget=>=3 pass',
  );
});

it('never passes without a reference, however good the figure is', () => {
  expect(lineOf({ ...budget, atMost: 2 }, [run(0.001, null)]).text).toBe(
    'x ours=0.00 ms reference=absent (that) budget=<=2 not-measured',
  );
});

it('never passes without a figure of ours', () => {
  expect(lineOf({ ...budget, atLeast: 0 }, [run(null, 1)]).verdict).toBe('not-measured');
  expect(lineOf({ ...budget, atLeast: 0 }, []).verdict).toBe('not-measured');
});

it('fails on what the sink complains of, even with nothing to compare it with', () => {
  const fast = run(100, 1, '3 out of order');
  expect(lineOf({ ...budget, atLeast: 2 }, [fast]).text).toContain('FAIL (at the socket: 3 out of');
  expect(lineOf({ ...budget, atLeast: 2 }, [run(100, null, '1 missing')]).verdict).toBe('FAIL');
});

it('fails when one run of several was wrong at the sink', () => {
  const runs = [run(3, 1), run(3, 1, '1 twice'), run(3, 1)];
  expect(lineOf({ ...budget, atLeast: 2 }, runs).verdict).toBe('FAIL');
});

it('says what is wrong with the reference, and does not hold it against us', () => {
  const wrong = run(3, 1).map((one) => ({ ...one, fault: one.contender === 'that' ? 'x' : null }));
  const line = lineOf({ ...budget, atLeast: 2 }, [wrong]);
  expect(line.verdict).toBe('pass');
  expect(line.text).toContain('(that: x)');
});

it('compares within each run: a slow hour for both sides is no slow product', () => {
  const runs = [run(10, 5), run(20, 10), run(300, 100)];
  const line = lineOf({ ...budget, atLeast: 2 }, runs);
  expect(line.text).toContain('ours=20.0 ms reference=10.0 ms (that) ratio=2.00 [2.00–3.00]');
});
