import { beforeEach, describe, expect, test } from 'vitest';

import type { DeliveryHealth } from '../core/outbox/health.ts';
import {
  dashboardContext,
  dashboardPartsForFile,
  PASSWORD,
  SESSION_SECRET,
  startTestDashboard,
} from '../test/harness/dashboard.ts';
import type { TestDashboard } from '../test/harness/dashboard.ts';
import { hashPassword } from './hash-password.ts';
import { createLoginLimit } from './login-limit.ts';
import { createSessions } from './session.ts';

const parts = await dashboardPartsForFile();
const { queue, operators } = parts;

let dashboard: TestDashboard;
let health: () => Promise<DeliveryHealth>;
let ready: boolean;
let clock: number;

/** A dashboard for each test, so that one test's failed log-ins do not limit another's. */
beforeEach(async () => {
  health = async () => ({ shards: [shard(0)], waiting: 0, oldestMs: 0, deadLetters: 0 });
  ready = true;
  clock = Date.now();
  dashboard = await startTestDashboard({
    ...dashboardContext(parts),
    sessions: createSessions({ operators, secret: SESSION_SECRET, now: () => new Date(clock) }),
    limit: createLoginLimit({ perAddress: 3, now: () => clock }),
    readHealth: () => health(),
    isReady: async () => ready,
  });
  return () => dashboard.close();
});

const ask: TestDashboard['ask'] = (...asking) => dashboard.ask(...asking);
const logIn: TestDashboard['logIn'] = (...who) => dashboard.logIn(...who);
const sessionOf: TestDashboard['sessionOf'] = (name) => dashboard.sessionOf(name);

describe('logging in', () => {
  test('gives a session that scripts cannot read and other sites cannot use, for eight hours', async () => {
    const answer = await logIn('olga');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const cookie = answer.headers.get('set-cookie');
    expect(cookie).toMatch(
      /^rov_operator=ey[^;]+; Max-Age=28800; Path=\/; .*HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain('Secure');
  });

  test('makes the cookie Secure behind a proxy that speaks https', async () => {
    const answer = await logIn('olga', { headers: { 'x-forwarded-proto': 'https' } });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; Secure; SameSite=Strict$/);
  });

  test.each([
    ['a wrong password', 'olga', 'wrong'],
    ['an unknown name', 'nobody', PASSWORD],
    ['a name from the prototype', '__proto__', PASSWORD],
  ])('is refused for %s, with the same words', async (_case, name, password) => {
    const answer = await logIn(name, { password });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toContain('Name or password is wrong.');
  });

  test('is a bad request without a password, and escapes what was typed', async () => {
    expect((await logIn('olga', { password: '' })).status).toBe(400);
    const answer = await logIn('"><script>', { password: 'wrong' });
    expect(await answer.text()).toContain('value="&#34;&#62;&#60;script&#62;"');
  });

  test('is limited by address, tells when to come back, and then lets in again', async () => {
    for (const _ of [1, 2, 3]) await logIn('olga', { password: 'wrong' });
    const limited = await logIn('olga');
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('300');
    clock += 300_000;
    expect((await logIn('olga')).status).toBe(303);
  });

  test('is limited also when all guesses come at once', async () => {
    const guesses = Array.from({ length: 10 }, () => logIn('olga', { password: 'wrong' }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });

  test('does not count log-ins that succeed', async () => {
    for (const _ of [1, 2, 3, 4, 5]) expect((await logIn('olga')).status).toBe(303);
  });
});

describe('a session', () => {
  test('is asked for everywhere but on the probes and the login', async () => {
    for (const path of ['/', '/queues', '/queues/queue/drain']) {
      const page = await ask(path, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('location')]).toEqual([303, '/login']);
    }
    expect((await ask('/queues/api/queues')).status).toBe(401);
    expect((await ask('/queues/static/js/x.js')).status).toBe(401);
    expect((await ask('/livez')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    ready = false;
    expect((await ask('/readyz')).status).toBe(503);
  });

  test('ends after eight hours, whatever the browser keeps', async () => {
    const cookie = await sessionOf('olga');
    expect((await ask('/', { cookie })).status).toBe(200);
    clock += 8 * 60 * 60 * 1000 + 1_000;
    expect((await ask('/', { cookie })).status).toBe(401);
  });

  test('ends when the entry in OPERATORS gets another password or role, or goes', async () => {
    const cookie = await sessionOf('victor');
    const victor = operators.get('victor')!;
    for (const changed of [
      [{ ...victor, role: 'operator' as const }],
      [{ ...victor, hash: await hashPassword('another password') }],
      [],
    ]) {
      const now = new Map(changed.map((operator) => [operator.name, operator]));
      const sessions = createSessions({ operators: now, secret: SESSION_SECRET });
      expect(await sessions.operatorOf({ headers: { cookie } } as never)).toBeUndefined();
    }
  });

  test('cannot be made up', async () => {
    const payload = (await sessionOf('olga')).split('.')[1];
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    for (const token of [
      `${header({ alg: 'none', kid: 'olga' })}.${payload}.`,
      `${header({ alg: 'HS256', kid: 'olga' })}.${payload}.${'A'.repeat(43)}`,
      `${header({ alg: 'HS256' })}.${payload}.${'A'.repeat(43)}`,
      'rubbish',
      '',
    ]) {
      expect((await ask('/', { cookie: `rov_operator=${token}` })).status).toBe(401);
    }
  });

  test('ends with the log-out', async () => {
    const cookie = await sessionOf('olga');
    const answer = await ask('/logout', { method: 'POST', cookie });
    expect(answer.headers.get('location')).toBe('/login');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^rov_operator=; Path=\/; Expires=Thu, 01 Jan 1970/,
    );
  });
});

describe('roles', () => {
  test('a viewer sees the queue and its jobs', async () => {
    await queue.add('drain', { shard: 3 });
    const cookie = await sessionOf('victor');
    const answer = await ask(
      '/queues/api/queues?activeQueue=drain&status=latest&page=1&jobsPerPage=10',
      { cookie },
    );
    const { queues }: any = await answer.json();
    expect(queues[0]).toMatchObject({ name: 'drain', readOnlyMode: true });
    expect(queues[0].jobs[0].data).toEqual({ shard: 3 });
  });

  test('an operator pauses and resumes the queue', async () => {
    const cookie = await sessionOf('olga');
    expect((await ask('/queues/api/queues/drain/pause', { method: 'PUT', cookie })).status).toBe(
      200,
    );
    expect(await queue.isPaused()).toBe(true);
    expect((await ask('/queues/api/queues/drain/resume', { method: 'PUT', cookie })).status).toBe(
      200,
    );
    expect(await queue.isPaused()).toBe(false);
  });
});

describe('writes from elsewhere', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of the same host', { 'sec-fetch-site': 'same-site' }],
    ['a link that someone pasted', { 'sec-fetch-site': 'none' }],
    ['an older browser on another origin', { origin: 'http://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['nobody in particular', {}],
  ])('are refused, even with a session: %s', async (_case, headers: Record<string, string>) => {
    const cookie = await sessionOf('olga');
    const path = '/queues/api/queues/drain/pause';
    const answer = await ask(path, { method: 'PUT', cookie, headers, from: 'elsewhere' });
    expect(answer.status).toBe(403);
    expect(await queue.isPaused()).toBe(false);
  });

  test('are let through by an Origin that names this host, where the browser says no more', async () => {
    const cookie = await sessionOf('olga');
    const headers = { origin: dashboard.base };
    const answer = await ask('/logout', { method: 'POST', cookie, headers, from: 'elsewhere' });
    expect(answer.status).toBe(303);
  });

  test('cannot log a browser in as somebody else', async () => {
    const answer = await logIn('olga', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
  });
});

describe('pages', () => {
  const FOREIGN =
    /(?:href|src|action)="(?:https?:)?\/\/[^"]*|@import|url\(\s*['"]?(?:https?:)?\/\/[^)]*/g;

  test('load nothing from elsewhere', async () => {
    const cookie = await sessionOf('olga');
    for (const path of [
      '/login',
      '/',
      '/no-such-page',
      '/assets/style.css',
      '/queues',
      '/queues/queue/drain',
    ]) {
      const body = await (await ask(path, { cookie })).text();
      expect(body.length).toBeGreaterThan(100);
      expect(body.match(FOREIGN) ?? []).toEqual([]);
    }
    const board = await (await ask('/queues', { cookie })).text();
    const styles = [...board.matchAll(/href="(static\/css\/[^"]+)"/g)].map(
      ([, path]) => `/queues/${path}`,
    );
    expect(styles.length).toBeGreaterThan(0);
    for (const path of styles) {
      const style = await (await ask(path, { cookie })).text();
      expect(style.match(FOREIGN) ?? []).toEqual([]);
    }
  });

  test('forbid the browser to load, run or send anything elsewhere, and to frame them', async () => {
    const cookie = await sessionOf('olga');
    const policyOf = async (path: string) => {
      const { headers } = await ask(path, { cookie });
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
      return headers.get('content-security-policy');
    };
    expect(await policyOf('/')).toMatch(
      /^default-src 'none'; style-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(await policyOf('/')).not.toContain('script-src');
    expect(await policyOf('/queues')).toContain("script-src 'self';");
    expect(await policyOf('/queues')).not.toMatch(
      /https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/,
    );
  });

  test('tell which shards wait, stand still or failed, with the error escaped', async () => {
    health = async () => ({
      shards: [
        shard(0, { waiting: 1_234, oldestMs: 61_500, lastError: '<b>connect</b> refused' }),
        shard(1, { held: '102 unknown channel' }),
        shard(2, { paused: true }),
      ],
      waiting: 1_234,
      oldestMs: 61_500,
      deadLetters: 7,
    });
    const body = await (await ask('/', { cookie: await sessionOf('victor') })).text();
    for (const words of [
      '1,234',
      '61.5 s',
      'held: 102 unknown channel',
      'paused',
      '2 of 3',
      '<dd>7</dd>',
    ])
      expect(body).toContain(words);
    expect(body).toContain('&#60;b&#62;connect');
  });

  test('say so when Postgres does not answer, and still lead to the queue', async () => {
    health = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const answer = await ask('/', { cookie: await sessionOf('olga') });
    expect(answer.status).toBe(503);
    const body = await answer.text();
    expect(body).toContain('Postgres does not answer');
    expect(body).not.toContain('ECONNREFUSED');
    expect(body).toContain('href="/queues/queue/drain"');
  });

  test('never show a fault: malformed requests get a plain answer', async () => {
    const cookie = await sessionOf('olga');
    const headers = { 'content-type': 'application/json' };
    const path = '/queues/api/queues/drain/add';
    const answer = await ask(path, { method: 'POST', cookie, headers, body: '{"name":' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/node_modules|at \w+ \(/);
    expect((await ask('/%E0%A4%A', { cookie })).status).toBe(404);
  });
});

function shard(number: number, facts: Partial<DeliveryHealth['shards'][number]> = {}) {
  const nothing = { held: null, lastError: null, worker: null, progressedAt: null };
  return {
    shard: number,
    waiting: 0,
    oldestMs: 0,
    paused: false,
    failures: 0,
    ...nothing,
    ...facts,
  };
}
