import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { readConfig as readApiConfig } from '../api/config.ts';
import { readConfig as readDashboardConfig } from '../dashboard/config.ts';
import { hashPassword } from '../dashboard/hash-password.ts';
import { fillIn, leftOpen, writeEnv } from './env.ts';
import { ROOT } from './run-step.ts';

const TEMPLATE = readFileSync(join(ROOT, '.env.example'), 'utf8');
const ORIGIN = 'https://chat.example.com';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rov-env-'));
  copyFileSync(join(ROOT, '.env.example'), join(folder, '.env.example'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('every secret is long, random and its own', () => {
  const secrets = [fillIn(TEMPLATE), fillIn(TEMPLATE)].flatMap((text) =>
    Object.values(parseEnv(text)).filter((value) => /^[0-9a-f]{64}$/.test(value ?? '')),
  );
  expect(secrets).toHaveLength(8);
  expect(new Set(secrets).size).toBe(8);
});

test('what only people can know is left open, and told', () => {
  const theirs = [
    'AUTH_JWT_SECRET',
    'AUTH_JWKS_URL',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'OPERATORS',
    'RATE_LIMITS',
    'TRUSTED_PROXIES',
  ];
  expect(leftOpen(fillIn(TEMPLATE)).toSorted()).toEqual(
    [...theirs, 'ALLOWED_ORIGINS', 'CENTRIFUGO_WS_URL'].toSorted(),
  );
  expect(leftOpen(fillIn(TEMPLATE, ORIGIN)).toSorted()).toEqual(theirs.toSorted());
});

test('with what was left open the doors take it', async () => {
  const env = {
    ...parseEnv(fillIn(TEMPLATE, ORIGIN)),
    DATABASE_URL: 'postgres://postgres/rov',
    REDIS_URL: 'redis://valkey',
    AUTH_JWKS_URL: 'https://id.example.com/jwks',
    AUTH_ISSUER: 'https://id.example.com',
    AUTH_AUDIENCE: 'rov',
    OPERATORS: `olga:operator:${await hashPassword('a long password')}`,
  };
  expect(readApiConfig(env)).toMatchObject({
    allowedOrigins: [ORIGIN],
    centrifugo: { websocketUrl: 'wss://chat.example.com/connection/websocket' },
  });
  expect(readDashboardConfig(env).OPERATORS.get('olga')).toBeDefined();
});

test.each(['chat.example.com', 'https://chat.example.com/', '*', 'ftp://chat.example.com'])(
  '%s is no origin',
  (origin) => expect(() => fillIn(TEMPLATE, origin)).toThrow('is no origin'),
);

test('the file is for its owner alone, and one that exists stays as it is', async () => {
  const file = join(folder, '.env');
  const text = await writeEnv(folder);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(writeEnv(folder)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(file, 'utf8')).toBe(text);
  writeFileSync(file, '');
  await expect(writeEnv(folder)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(file, 'utf8')).toBe('');
});
