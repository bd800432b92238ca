import { expect, test } from 'vitest';

import { createRecentIds } from './recent-ids.ts';

test('an id is new once, and memory ends with the oldest', () => {
  const recent = createRecentIds(3);
  expect(['a', 'b', 'c', 'a'].map((id) => recent.add(id))).toEqual([true, true, true, false]);
  expect(recent.add('d')).toBe(true);
  expect(['b', 'c', 'd'].map((id) => recent.add(id))).toEqual([false, false, false]);
  expect(recent.add('a')).toBe(true);
});
