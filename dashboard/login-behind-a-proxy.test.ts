import { describe, expect, onTestFinished, test } from 'vitest';

import { ConfigError } from '../core/config.ts';
import {
  dashboardContext,
  dashboardPartsForFile,
  startTestDashboard,
} from '../test/harness/dashboard.ts';
import type { TestDashboard } from '../test/harness/dashboard.ts';
import { readConfig } from './config.ts';
import { createLoginLimit } from './login-limit.ts';

const MOST = 3;
const ATTACKER = '203.0.113.66';
const OLGA = '198.51.100.7';

const parts = await dashboardPartsForFile();
const [olga] = parts.operators.values();
const trust = (TRUSTED_PROXIES?: string): string[] =>
  readConfig({
    DATABASE_URL: 'postgres://localhost/rov',
    REDIS_URL: 'redis://localhost',
    OPERATORS: `olga:operator:${olga!.hash}`,
    DASHBOARD_SESSION_SECRET: 's'.repeat(32),
    ...(TRUSTED_PROXIES !== undefined && { TRUSTED_PROXIES }),
  }).TRUSTED_PROXIES;

let dashboard: TestDashboard;
const dashboardThatTrusts = async (proxies?: string): Promise<void> => {
  dashboard = await startTestDashboard({
    ...dashboardContext(parts),
    limit: createLoginLimit({ perAddress: MOST }),
    trustedProxies: trust(proxies),
  });
  onTestFinished(() => dashboard.close());
};

/** A log-in through a proxy, which is this process: it connects from 127.0.0.1 or ::1. */
async function logIn(forwardedFor: string, password?: string): Promise<number> {
  const headers = { 'x-forwarded-for': forwardedFor };
  const asked = { headers, ...(password !== undefined && { password }) };
  return (await dashboard.logIn('olga', asked)).status;
}

async function guesses(from: (guess: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let guess = 0; guess <= MOST; guess += 1) statuses.push(await logIn(from(guess), 'wrong'));
  return statuses;
}

const LIMITED = [...Array(MOST).fill(401), 429];

describe('behind a proxy that is named, a log-in', () => {
  test.each(['loopback', '127.0.0.1 ::1', '10.0.0.0/8 127.0.0.0/8 ::1/128'])(
    'is limited by the address that it tells of: one who guesses locks out nobody else (%s)',
    async (proxies) => {
      await dashboardThatTrusts(proxies);
      expect(await guesses(() => ATTACKER)).toEqual(LIMITED);
      expect(await logIn(OLGA)).toBe(303);
    },
  );

  test('is limited also for those who make up addresses, since the proxy appends the true one', async () => {
    await dashboardThatTrusts('loopback');
    expect(await guesses((guess) => `192.0.2.${guess}, ${ATTACKER}`)).toEqual(LIMITED);
    expect(await logIn(`${ATTACKER}, ${OLGA}`)).toBe(303);
  });
});

describe('behind nobody whom the settings name, a log-in', () => {
  test.each([undefined, '', '192.0.2.1', 'uniquelocal'])(
    'is limited by whoever connects, whatever is told: nobody gets past by another header (%j)',
    async (proxies) => {
      await dashboardThatTrusts(proxies);
      expect(await guesses((guess) => `192.0.2.${guess}`)).toEqual(LIMITED);
      expect(await logIn(OLGA)).toBe(429);
    },
  );
});

describe('TRUSTED_PROXIES', () => {
  test('is a list of addresses, networks and names, and empty unless set', async () => {
    expect(trust()).toEqual([]);
    const all = ['10.1.2.3', '10.0.0.0/8', 'fd00::1', 'fc00::/7', 'linklocal', 'uniquelocal'];
    expect(trust(` ${all.join('  ')}\n`)).toEqual(all);
    await dashboardThatTrusts(all.join(' '));
    expect((await dashboard.ask('/livez')).status).toBe(200);
  });

  test.each([
    '*',
    'true',
    '1',
    'proxy.example.com',
    '10.0.0',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '::ffff:10.0.0.1/104',
    '::/129',
  ])('takes nothing else, least of all everybody: %j', (proxy) => {
    expect(() => trust(`loopback ${proxy}`)).toThrow(ConfigError);
  });
});
