import { describe, expect, test } from 'vitest';

import { ConfigError } from '../core/config.ts';
import { readConfig } from './config.ts';
import { hashPassword, passwordMatches } from './hash-password.ts';

const hash = await hashPassword('correct horse battery');
const environment = {
  DATABASE_URL: 'postgres://localhost/rov',
  REDIS_URL: 'redis://localhost',
  OPERATORS: `olga:operator:${hash}  victor:viewer:${hash}\n`,
  DASHBOARD_SESSION_SECRET: 's'.repeat(32),
};

describe('a password hash', () => {
  test('matches its password, in either Unicode form, and no other', async () => {
    expect(await passwordMatches('correct horse battery', hash)).toBe(true);
    expect(await passwordMatches('correct horse batterY', hash)).toBe(false);
    const accented = await hashPassword('caf\u00E9 caf\u00E9 caf\u00E9');
    expect(await passwordMatches('cafe\u0301 cafe\u0301 cafe\u0301', accented)).toBe(true);
  });

  test('is another one each time, and a malformed one matches nothing', async () => {
    expect(await hashPassword('correct horse battery')).not.toBe(hash);
    for (const malformed of ['', 'scrypt$$', `${hash}=`, hash.slice(0, -1), 'plain'])
      expect(await passwordMatches('correct horse battery', malformed)).toBe(false);
  });
});

describe('OPERATORS', () => {
  test('names each operator with a role', () => {
    const config = readConfig(environment);
    expect([...config.OPERATORS.values()].map(({ name, role }) => [name, role])).toEqual([
      ['olga', 'operator'],
      ['victor', 'viewer'],
    ]);
    expect(config.DASHBOARD_PORT).toBe(4001);
  });

  test('tells every problem at once and repeats no hash', () => {
    const bad = `olga:root:${hash} victor:viewer:plain-password-of-victor mia:viewer:${hash} mia:viewer:${hash} ${hash}`;
    const problems = problemsOf({ ...environment, OPERATORS: bad });
    expect(problems).toEqual([
      expect.stringContaining('operator olga: the role'),
      expect.stringContaining('operator victor: make the hash'),
      expect.stringContaining('operator mia: named twice'),
      expect.stringContaining('entry 5: the name'),
      expect.stringContaining('entry 5: the role'),
    ]);
    expect(problems.join()).not.toContain(hash.slice(10));
    expect(problems.join()).not.toContain('plain-password');
  });

  test('must name somebody, and is missed together with the rest', () => {
    expect(problemsOf({ ...environment, OPERATORS: ' ' })).toEqual([
      expect.stringContaining('OPERATORS'),
    ]);
    expect(problemsOf({}).map((line) => line.split(':')[0])).toEqual([
      'DATABASE_URL',
      'REDIS_URL',
      'OPERATORS',
      'DASHBOARD_SESSION_SECRET',
    ]);
  });
});

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
