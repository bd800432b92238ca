import { describe, expect, test } from 'vitest';

import { presenceWords } from './presence-words.ts';

const now = new Date(2026, 4, 6, 0, 30).getTime();
const left = (minutesAgo: number) =>
  presenceWords(
    { status: 'offline', lastSeenAt: new Date(now - minutesAgo * 60_000).toISOString() },
    now,
  );

describe('the words for presence', () => {
  test('say of somebody who is there that they are, whenever they were last heard', () => {
    const lastSeenAt = new Date(now - 86_400_000).toISOString();
    expect(presenceWords({ status: 'online', lastSeenAt }, now)).toBe('active now');
    expect(presenceWords({ status: 'away', lastSeenAt }, now)).toBe('away');
  });

  test('do not say offline of somebody of whom nothing can be heard', () => {
    const lastSeenAt = new Date(now).toISOString();
    expect(presenceWords({ status: 'unknown', lastSeenAt }, now)).toBe('unknown');
  });

  test('grow coarser with distance, by calendar days', () => {
    expect(left(0)).toBe('active a moment ago');
    expect(left(5)).toBe('active 5 min ago');
    expect(left(59)).toBe('active 59 min ago');
    expect(left(90)).toBe('last seen yesterday');
    expect(left(25 * 60)).toBe('last seen on Monday');
    expect(left(9 * 24 * 60)).toMatch(/^last seen on .*April/);
  });

  test('name the hour of today', () => {
    const evening = now + 20 * 3_600_000;
    const lastSeenAt = new Date(now + 60_000).toISOString();
    expect(presenceWords({ status: 'offline', lastSeenAt }, evening)).toMatch(/^last seen at 12/);
  });

  test('of somebody never seen are just offline', () => {
    expect(presenceWords({ status: 'offline', lastSeenAt: null }, now)).toBe('offline');
  });
});
