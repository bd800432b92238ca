import { describe, expect, test } from 'vitest';

import { databaseFault, DeadlinePassed } from './database-fault.ts';

const withCode = (code: string) => Object.assign(new Error('fault'), { code });

describe('what an error of the database means', () => {
  test.each([
    ['55P03', 'busy'],
    ['23505', 'undone'],
    ['40P01', 'undone'],
    ['40001', 'undone'],
    ['57P01', 'unknown'],
    ['CONNECTION_CLOSED', 'unknown'],
    ['ECONNRESET', 'unknown'],
    ['57P03', 'unreachable'],
    ['57014', 'overloaded'],
    ['53300', 'overloaded'],
    ['ECONNREFUSED', 'unreachable'],
    ['CONNECT_TIMEOUT', 'unreachable'],
    ['22P05', 'refused'],
    ['22008', 'refused'],
    ['23503', 'other'],
    ['42883', 'other'],
    ['EACCES', 'other'],
  ])('%s is %s', (code, fault) => {
    expect(databaseFault(withCode(code))).toBe(fault);
  });

  test('an error that drizzle wrapped counts as what is inside', () => {
    const wrapped = (code: string) => new Error('Failed query', { cause: withCode(code) });
    expect(databaseFault(wrapped('55P03'))).toBe('busy');
    expect(databaseFault(wrapped('ECONNREFUSED'))).toBe('unreachable');
  });

  test('a refused connection to each address of a name surely sent nothing', () => {
    expect(databaseFault(new AggregateError([withCode('ECONNREFUSED')]))).toBe('unreachable');
  });

  test('a statement that did not answer in time may have run', () => {
    expect(databaseFault(new DeadlinePassed())).toBe('unknown');
  });

  test('what is no error of the database is none', () => {
    expect(databaseFault(new TypeError('x is not a function'))).toBe('other');
    expect(databaseFault('thrown text')).toBe('other');
  });
});
