import { expect, test } from 'vitest';

import { countGoTests } from './go-tests.ts';

const event = (Action: string, Test?: string) => ({ Action, Package: 'p', ...(Test && { Test }) });
const lines = (...events: object[]) => events.map((one) => JSON.stringify(one)).join('\n');

test('tests are counted once, by their subtests where they have some', () => {
  const output = lines(
    event('run', 'A'),
    event('pass', 'A/one'),
    event('fail', 'A/two'),
    event('fail', 'A'),
    event('skip', 'B'),
    event('pass', 'C'),
    event('fail'),
  );
  expect(countGoTests({ code: 1, output })).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test('a package that does not compile is a failure', () => {
  const output = `${lines(event('pass', 'A'), event('fail'))}\n# p [build failed]`;
  expect(countGoTests({ code: 1, output })).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a test that began and never ended is a failure, as after a panic', () => {
  const output = lines(event('run', 'A'), event('output', 'A'), event('fail'));
  expect(countGoTests({ code: 1, output })).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a run without any test is a failure', () => {
  expect(countGoTests({ code: 0, output: '' })).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
