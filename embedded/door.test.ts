import { expect, test } from 'vitest';

import { warningIn } from './door.ts';

test('warnings and worse reach the terminal, in one short line', () => {
  const line = {
    level: 'warn',
    event: 'redis.unreachable',
    msg: 'it is away',
    err: { message: 'refused' },
  };
  expect(warningIn(JSON.stringify(line))).toBe('warn · redis.unreachable · it is away · refused');
});

test('everyday lines stay in the log file', () => {
  expect(warningIn('{"level":"info","event":"api.listening"}')).toBeNull();
  expect(warningIn('  ')).toBeNull();
});

test("what is no log entry is a fault's own words, and told", () => {
  expect(warningIn('SyntaxError: no')).toBe('SyntaxError: no');
});
