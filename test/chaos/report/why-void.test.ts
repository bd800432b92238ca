import { expect, test } from 'vitest';

import type { Strike } from '../strike-all.ts';
import { whyVoid } from './why-void.ts';

const strike = (fault: string, from: number, to: number, struck = 1): Strike => ({
  ...{ fault, from, to, struck, words: '', plannedAtMs: from },
});

test('a fault that struck nothing makes a run void, and so does a run without any', () => {
  expect(whyVoid([strike('a', 0, 10), strike('b', 20, 30)])).toEqual([]);
  expect(whyVoid([strike('a', 0, 10), strike('b', 20, 30, 0)])).toEqual(['b struck nothing']);
  expect(whyVoid([])).toEqual(['no fault could strike']);
  expect(whyVoid([{ ...strike('a', 0, 10, 0), isOutOfReach: true }])).toHaveLength(1);
});

test('unless another one was in its way, and it struck another time', () => {
  const missed = strike('b', 20, 30, 0);
  expect(whyVoid([missed, strike('b', 50, 60)])).toEqual(['b struck nothing']);
  expect(whyVoid([missed, strike('a', 25, 40)])).toEqual(['b struck nothing']);
  expect(whyVoid([missed, strike('a', 25, 40), strike('b', 50, 60)])).toEqual([]);
});
