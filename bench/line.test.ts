import { expect, it } from 'vitest';

import { lineOf } from './line.ts';

const measured = { name: 'x', unit: 'ms', ours: 2, reference: 1, against: 'that' };

it('keeps a budget up to its border and not beyond', () => {
  expect(lineOf({ ...measured, budget: { atMost: 2 } }).kept).toBe(true);
  expect(lineOf({ ...measured, budget: { atMost: 1.9 } }).kept).toBe(false);
  expect(lineOf({ ...measured, budget: { atLeast: 2 } }).kept).toBe(true);
  expect(lineOf({ ...measured, budget: { atLeast: 2.1 } }).kept).toBe(false);
});

it('never calls it kept when there is nothing to compare with', () => {
  expect(lineOf({ ...measured, reference: Number.NaN, budget: { atMost: 2 } }).kept).toBe(false);
  expect(lineOf({ ...measured, ours: Number.NaN, budget: { atLeast: 2 } }).kept).toBe(false);
});

it('says both figures, the ratio and the budget', () => {
  expect(lineOf({ ...measured, ours: 12_345, reference: 1_000, budget: { atLeast: 3 } }).text).toBe(
    'x ours=12,345 ms reference=1,000 ms (that) ratio=12.35 budget=>=3 pass',
  );
});
