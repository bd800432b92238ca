import { afterAll } from 'vitest';

import { listen } from '../../core/listen.ts';
import { createLog } from '../../core/log.ts';
import { openDrainQueue } from '../../core/queue/drain-queue.ts';
import type { DrainQueue } from '../../core/queue/drain-queue.ts';
import { connectImpatiently } from '../../core/redis/connect-redis.ts';
import { createDashboard } from '../../dashboard/app.ts';
import type { DashboardContext } from '../../dashboard/app.ts';
import { hashPassword } from '../../dashboard/hash-password.ts';
import { createLoginLimit } from '../../dashboard/login-limit.ts';
import type { Operator } from '../../dashboard/operators.ts';
import { createSessions } from '../../dashboard/session.ts';
import { startRedis } from '../../embedded/parts.ts';
import { openTestRedis } from './redis.ts';
import type { TestRedis } from './redis.ts';

/** Of both operators. */
export const PASSWORD = 'correct horse battery';
export const SESSION_SECRET = 'a secret for tests, of more than 32 characters';

/** A queue on a real Redis, and who may look at it: olga, an operator, and victor, a viewer. */
export type DashboardParts = {
  queue: DrainQueue;
  redis: TestRedis;
  operators: Map<string, Operator>;
};

/** What the dashboards of a file share; ended after the file. */
export async function dashboardPartsForFile(): Promise<DashboardParts> {
  const hash = await hashPassword(PASSWORD);
  const server = await startRedis({ purpose: 'tests' });
  const connection = connectImpatiently(server.url, () => undefined);
  await new Promise((resolve) => connection.once('ready', resolve));
  const redis = openTestRedis(server.url);
  const queue = openDrainQueue({ connection, prefix: redis.prefix });
  afterAll(async () => {
    await queue.close();
    connection.disconnect();
    await redis.release();
    await server.stop();
  });
  return {
    queue,
    redis,
    operators: new Map([
      ['olga', { name: 'olga', role: 'operator', hash }],
      ['victor', { name: 'victor', role: 'viewer', hash }],
    ]),
  };
}

/** What a dashboard of the tests is made of, where a test does not say otherwise. */
export function dashboardContext(parts: DashboardParts): DashboardContext {
  const { queue, operators } = parts;
  return {
    queue,
    operators,
    sessions: createSessions({ operators, secret: SESSION_SECRET }),
    limit: createLoginLimit(),
    trustedProxies: [],
    readHealth: async () => ({ shards: [], waiting: 0, oldestMs: 0, deadLetters: 0 }),
    isReady: async () => true,
    log: createLog({ door: 'dashboard', level: 'silent' }),
  };
}

export type Asking = Omit<RequestInit, 'headers'> & {
  cookie?: string;
  headers?: Record<string, string>;
  from?: 'elsewhere';
};

export type TestDashboard = {
  base: string;
  /** As a page of the dashboard would ask, unless `from` says otherwise. */
  ask(path: string, asking?: Asking): Promise<Response>;
  logIn(
    name: string,
    options?: { password?: string; headers?: Record<string, string> },
  ): Promise<Response>;
  /** The cookie of somebody who has just logged in. */
  sessionOf(name: string): Promise<string>;
  close(): Promise<void>;
};

export async function startTestDashboard(context: DashboardContext): Promise<TestDashboard> {
  const server = await listen(createDashboard(context), { host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${server.port}`;

  const ask: TestDashboard['ask'] = (path, { cookie, headers, from, ...rest } = {}) => {
    const own: Record<string, string> =
      from === 'elsewhere' ? {} : { 'sec-fetch-site': 'same-origin' };
    return fetch(base + path, {
      redirect: 'manual',
      ...rest,
      headers: { accept: '*/*', ...own, ...headers, ...(cookie !== undefined && { cookie }) },
    });
  };
  const logIn: TestDashboard['logIn'] = (name, { password = PASSWORD, headers = {} } = {}) =>
    ask('/login', { method: 'POST', body: new URLSearchParams({ name, password }), headers });
  return {
    base,
    ask,
    logIn,
    sessionOf: async (name) => {
      const [cookie] = (await logIn(name)).headers.get('set-cookie')!.split(';');
      return cookie!;
    },
    close: () => server.close({ finishMs: 0 }),
  };
}
