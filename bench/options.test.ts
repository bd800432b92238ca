import { expect, it } from 'vitest';

import { readOptions } from './options.ts';
import { SCENARIOS } from './scenarios/names.ts';

it('measures everything five times, or with --quick once', () => {
  expect(readOptions([])).toMatchObject({ quick: false, runs: 5, only: SCENARIOS, scale: 1 });
  expect(readOptions(['--quick']).runs).toBe(1);
  expect(readOptions(['--quick', '--runs', '3']).runs).toBe(3);
});

it('measures what is named, and at the rates that are named', () => {
  const options = readOptions(['--only', 'fan-out,post', '--rates', '100,500']);
  expect(options.only).toEqual(['fan-out', 'post']);
  expect(options.rates).toEqual([100, 500]);
});

it.for([
  [['--only', 'catch-op'], 'catch-op is none of catch-up'],
  [['--runs', '0'], '0 is no whole number'],
  [['--runs', 'many'], 'many is no whole number'],
  [['--rates', '100,'], 'is no whole number'],
  [['--scale', '2'], '2 is not above 0 and at most 1'],
  [['--scale', '0'], '0 is not above 0 and at most 1'],
  [['--fast'], 'Unknown option'],
] as const)('refuses %j rather than measure something else', ([args, words]) => {
  expect(() => readOptions(args)).toThrow(words);
});
