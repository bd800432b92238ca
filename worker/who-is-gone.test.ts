import { describe, expect, it } from 'vitest';

import { whatBecameOf } from './who-is-gone.ts';

describe('a user whose leases ended', () => {
  it.each([
    ['Centrifugo sees nobody', { lapsedMs: 0, connections: 0 }, 'offline'],
    ['Centrifugo still sees a socket', { lapsedMs: 3_600_000, connections: 1 }, 'away'],
    ['Centrifugo cannot say', { lapsedMs: 299_999, connections: null }, 'away'],
    ['Centrifugo cannot say for five minutes', { lapsedMs: 300_000, connections: null }, 'offline'],
  ])('%s', (_, user, became) => {
    expect(whatBecameOf(user)).toBe(became);
  });
});
