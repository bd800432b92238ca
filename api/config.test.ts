import { describe, expect, test } from 'vitest';

import { ConfigError } from '../core/config.ts';
import { readConfig } from './config.ts';

const secret = 's'.repeat(32);
const sound = {
  DATABASE_URL: 'postgres://localhost/rov',
  REDIS_URL: 'redis://localhost',
  CENTRIFUGO_API_KEY: 'key',
  CENTRIFUGO_TOKEN_HMAC_SECRET: secret,
  CENTRIFUGO_WS_URL: 'wss://rt.example.com/connection/websocket',
  AUTH_JWT_SECRET: secret,
  AUTH_ISSUER: 'https://id.example.com',
  AUTH_AUDIENCE: 'rov',
};

function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the environment of the API', () => {
  test('has defaults for what is not secret', () => {
    expect(readConfig(sound)).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      centrifugo: { url: 'http://localhost:8000' },
      auth: { key: { kind: 'secret', secret } },
      allowedOrigins: ['http://localhost:3000', 'http://localhost:4000', 'http://localhost:5173'],
    });
  });

  test('names a secret or published keys, never both and never neither', () => {
    const jwks = { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: 'https://id.example.com/jwks' };
    expect(readConfig({ ...sound, ...jwks }).auth.key).toEqual({
      kind: 'jwks',
      url: jwks.AUTH_JWKS_URL,
    });
    const problem = ['AUTH_JWT_SECRET: set exactly one of AUTH_JWT_SECRET and AUTH_JWKS_URL'];
    expect(problemsOf({ ...sound, AUTH_JWKS_URL: jwks.AUTH_JWKS_URL })).toEqual(problem);
    expect(problemsOf({ ...sound, AUTH_JWT_SECRET: '' })).toEqual(problem);
  });

  test.each(['*', 'https://*.example.com', 'https://a.example.com/', 'a.example.com', 'null'])(
    'allows exact origins only: not %s',
    (origin) => {
      const problems = problemsOf({ ...sound, ALLOWED_ORIGINS: `https://b.example.com ${origin}` });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain('ALLOWED_ORIGINS');
    },
  );

  test('takes several origins between any white space', () => {
    const ALLOWED_ORIGINS = ' https://a.example.com\n https://b.example.com:8443 ';
    expect(readConfig({ ...sound, ALLOWED_ORIGINS }).allowedOrigins).toEqual([
      'https://a.example.com',
      'https://b.example.com:8443',
    ]);
  });

  test('tells all its faults at once, and none of its secrets', () => {
    const problems = problemsOf({ PORT: 'http', AUTH_JWT_SECRET: 'too-short', LOG_LEVEL: 'loud' });
    const named = problems.map((problem) => problem.split(':')[0]);
    expect(named).toEqual(
      expect.arrayContaining([
        'DATABASE_URL',
        'REDIS_URL',
        'PORT',
        'AUTH_JWT_SECRET',
        'AUTH_ISSUER',
        'LOG_LEVEL',
      ]),
    );
    expect(problems.join()).not.toContain('too-short');
  });
});
