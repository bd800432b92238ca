import { expect, it } from 'vitest';

import { sizesOf } from './sizes.ts';

it('measures less of the same when it has to be quick', () => {
  const [full, quick] = [false, true].map((quick) => sizesOf({ quick, scale: 1 }));
  expect(full!.catchUp).toEqual({ conversations: 1_000, membersEach: 5, messagesEach: 100 });
  expect(quick!.catchUp).toEqual({ ...full!.catchUp, messagesEach: 15 });
  expect(quick!.everybody).toBe(false);
});

it('has the rates and the groups that budgets are about, also when it has to be quick', () => {
  const { pipeline, fanOut } = sizesOf({ quick: true, scale: 1 });
  expect(pipeline.rates).toEqual([500, 1_500, 3_000]);
  expect([fanOut.groups.at(0), fanOut.groups.at(-1)]).toEqual([10, 100_000]);
});

it('makes everything smaller but the rates', () => {
  const tiny = sizesOf({ quick: false, scale: 0.01 });
  expect(tiny.fairness.rowsAhead).toBe(1_000);
  expect(tiny.fanOut.groups).toEqual([10, 10, 100, 1_000]);
  expect(tiny.pipeline).toMatchObject({ rates: [100, 500, 1_500, 3_000], measureMs: 500 });
  expect(sizesOf({ quick: false, scale: 1, rates: [7] }).pipeline.rates).toEqual([7]);
});
