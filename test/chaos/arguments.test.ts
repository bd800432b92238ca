import { expect, test } from 'vitest';

import { readArguments } from './arguments.ts';
import { BROKEN } from './broken.ts';
import { ALL_FAULTS } from './faults/all.ts';
import { planOf } from './run.ts';

test('without any: a minute, a seed by chance, whichever faults fit', () => {
  expect(readArguments([])).toMatchObject({
    seconds: 60,
    faults: null,
    atOnce: false,
    broken: null,
  });
});

test('faults and broken parts are listed, each with what it is', () => {
  for (const [option, all] of [
    ['--list-faults', ALL_FAULTS],
    ['--list-broken', BROKEN],
  ] as const) {
    const asked = readArguments([option]);
    const lines = 'list' in asked ? asked.list : [];
    expect(lines).toHaveLength(all.length);
    for (const [index, { name, about }] of all.entries()) {
      expect(lines[index]).toContain(name);
      expect(lines[index]).toContain(about);
    }
  }
});

test.each([
  [['--faults', 'redis-killed,nonsense'], 'no fault nonsense'],
  [['--broken', 'nonsense'], 'no broken part nonsense'],
  [['--seconds', '5'], '--seconds'],
  [['--seed', '1.5'], '--seed'],
  [['--sed', '1'], '--sed'],
])('%j is refused', (argv, words) => {
  expect(() => readArguments(argv)).toThrow(words);
});

test('every name is there once, and a broken part names faults that there are', () => {
  const names = ALL_FAULTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(BROKEN.map(({ name }) => name)).size).toBe(BROKEN.length);
  for (const { name: broken } of BROKEN) {
    const { leftOut } = planOf({
      seed: 1,
      seconds: 60,
      faults: null,
      atOnce: false,
      broken,
      out: '',
    });
    expect(leftOut).toEqual([]);
  }
});
