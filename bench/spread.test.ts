import { expect, it } from 'vitest';

import { spreadOf } from './spread.ts';

it('finds the middle by size, not by the order of the figures or of their digits', () => {
  expect(spreadOf([100, 9, 20])).toEqual({ median: 20, lowest: 9, highest: 100 });
});

it('lies halfway between the two in the middle of an even number', () => {
  expect(spreadOf([1, 4, 2, 10]).median).toBe(3);
});

it('is one figure where there is one', () => {
  expect(spreadOf([7])).toEqual({ median: 7, lowest: 7, highest: 7 });
});

it('is not made up where nothing was measured', () => {
  expect(() => spreadOf([])).toThrow('no figures');
});
