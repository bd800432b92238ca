import { appRoutes } from '@bull-board/api/dist/routes.js';
import { beforeEach, describe, expect, test } from 'vitest';

import {
  dashboardContext,
  dashboardPartsForFile,
  startTestDashboard,
} from '../test/harness/dashboard.ts';
import { routesOf } from '../test/harness/routes-of.ts';
import type { Route } from '../test/harness/routes-of.ts';
import { createDashboard } from './app.ts';

const parts = await dashboardPartsForFile();
const { queue } = parts;
const dashboard = await startTestDashboard(dashboardContext(parts));
const [olga, victor] = [await dashboard.sessionOf('olga'), await dashboard.sessionOf('victor')];

const isWrite = ({ method }: Route): boolean => method !== 'GET' && method !== 'HEAD';
const asList = <T>(value: T | readonly T[]): readonly T[] => [value].flat() as T[];

/** Every route by which Bull Board changes something, by its own table. */
const BOARD_WRITES = appRoutes.api
  .flatMap(({ method, route }) =>
    asList<string>(method).flatMap((verb) =>
      asList<string>(route).map((path) => ({
        method: verb.toUpperCase(),
        path: `/queues${path}`,
      })),
    ),
  )
  .filter(isWrite);

const OWN_WRITES = routesOf(createDashboard(dashboardContext(parts))).filter(isWrite);
/** For which nobody has to be anybody yet. */
const OPEN = ['POST /login', 'POST /logout'];

const name = ({ method, path }: Route): string => `${method} ${path}`;
const WRITES = [
  ...BOARD_WRITES,
  ...OWN_WRITES.filter((route) => !OPEN.includes(name(route))),
  { method: 'DELETE', path: '/no-such-page' },
];

let jobId: string;
/** The queue has something that could be taken away from it. */
beforeEach(async () => {
  const job = await queue.add('drain', { shard: 3 }, { delay: 3_600_000 });
  jobId = job.id!;
});

/** A request that would do something, were it let through. */
function write(route: Route, asking: Parameters<typeof dashboard.ask>[1]): Promise<Response> {
  const path = route.path
    .replace(':queueName', 'drain')
    .replace(':jobId', jobId)
    .replace(':queueStatus', 'delayed')
    .replace(':schedulerId', 'none');
  return dashboard.ask(path, {
    method: route.method,
    body: JSON.stringify({ name: 'drain', data: { shard: 1 }, delay: 60_000, priority: 1 }),
    ...asking,
    headers: { 'content-type': 'application/json', ...asking?.headers },
  });
}

/** Everything that the queue has in Redis. */
async function everythingInTheQueue(): Promise<Record<string, string>> {
  const { client, prefix } = parts.redis;
  const keys = await client.keys(`${prefix}*`);
  const dumps = keys.map(async (key) => [key, (await client.dumpBuffer(key)).toString('hex')]);
  return Object.fromEntries(await Promise.all(dumps)) as Record<string, string>;
}

test('the tables of routes are what they are taken for', () => {
  expect(BOARD_WRITES.map(name)).toContain('PUT /queues/api/queues/:queueName/obliterate');
  expect(BOARD_WRITES.length).toBeGreaterThan(20);
  expect(OWN_WRITES.map(name)).toEqual(expect.arrayContaining(OPEN));
});

describe.each(WRITES.map((route) => [name(route), route] as const))('%s', (_name, route) => {
  test('is refused for a viewer, for nobody, and for an operator on a page of another site', async () => {
    const before = await everythingInTheQueue();
    expect((await write(route, { cookie: victor })).status).toBe(403);
    expect((await write(route, {})).status).toBe(401);
    const foreign = { cookie: olga, from: 'elsewhere' } as const;
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: dashboard.base },
      { origin: 'https://evil.example' },
    ]) {
      expect((await write(route, { ...foreign, headers })).status).toBe(403);
    }
    expect(await everythingInTheQueue()).toEqual(before);
  });

  test('is open to an operator', async () => {
    const { status } = await write(route, { cookie: olga });
    expect([401, 403, 405]).not.toContain(status);
    expect(status).toBeLessThan(500);
  });
});
