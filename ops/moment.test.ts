import { expect, test } from 'vitest';

import { moment } from './moment.ts';

test.each([
  ['45s', 45_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s is so long ago', (text, ms) => {
  const before = Date.now();
  const at = moment.parse(text).getTime();
  expect(at).toBeGreaterThanOrEqual(before - ms);
  expect(at).toBeLessThanOrEqual(Date.now() - ms);
});

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31T10:00:00.123+01:00', '2026-01-31T09:00:00.123Z'],
])('%s is that time', (text, iso) => {
  expect(moment.parse(text).toISOString()).toBe(iso);
});

test.each([
  '',
  '2',
  '2w',
  '-2h',
  '2 h',
  'yesterday',
  '2026-02-30',
  '2026-01-31T10:00:00',
  '1700000000',
])('is no time, or one without its zone: "%s"', (text) => {
  expect(moment.safeParse(text).success).toBe(false);
});
