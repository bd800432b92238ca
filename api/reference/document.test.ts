import { readFileSync } from 'node:fs';

import { Router } from 'express';
import { expect, test } from 'vitest';

import { PROBLEMS } from '../problem-codes.ts';
import { describedRoutes, idleApp } from './current.ts';
import { describeApi } from './document.ts';
import { OPERATIONS } from './operations/all.ts';
import { routesOf } from './routes.ts';

const routes = describedRoutes(idleApp());
const describe = (
  more: { routes?: typeof routes; operations?: typeof OPERATIONS } = {},
): ReturnType<typeof describeApi> =>
  describeApi(more.routes ?? routes, {
    operations: more.operations ?? OPERATIONS,
    version: '1.0.0',
  });

test('every route is described, and nothing else is', () => {
  expect(Object.keys(OPERATIONS).toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
  expect(describe).not.toThrow();
});

test('a route that nobody described is found, wherever it was added', () => {
  const app = idleApp();
  app.patch('/v1/unread', () => undefined);
  const nested = Router();
  nested.use(Router().get('/v1/hidden/:id', () => undefined));
  app.use(nested);
  const names = describedRoutes(app).map(({ name }) => name);
  expect(names.slice(-2)).toEqual(['PATCH /v1/unread', 'GET /v1/hidden/{id}']);
  expect(() => describe({ routes: describedRoutes(app) })).toThrow(
    'PATCH /v1/unread has no description',
  );
});

test('a description of a route that is gone is found', () => {
  const without = routes.filter(({ name }) => name !== 'GET /v1/unread');
  expect(() => describe({ routes: without })).toThrow('there is no route GET /v1/unread');
});

test('a router under a prefix is refused, since its paths could not be told', () => {
  const app = idleApp();
  app.use(
    '/v2',
    Router().get('/unread', () => undefined),
  );
  expect(() => routesOf(app)).toThrow('A router under a prefix');
});

test('each operation has a name of its own', () => {
  const ids = Object.values(OPERATIONS).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every code that a route throws by name is described for a route of the same chapter', () => {
  const silent = [];
  const files = ['connections', 'conversations', 'members', 'messages', 'presence'];
  for (const file of [...files, 'reactions', 'realtime', 'sync', 'typing', 'unread']) {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const thrown = read(`../${file}.ts`).matchAll(/new Refusal\('(\w+)'/g);
    const described = read(`operations/${file}.ts`);
    for (const [, code] of thrown) if (!described.includes(`'${code}'`)) silent.push(code);
  }
  expect(silent).toEqual([]);
});

test('every problem but that of an unknown path is the answer of some operation', () => {
  const { paths, components } = describe() as Record<string, object>;
  const { responses } = components as { responses: object };
  const text = JSON.stringify([paths, responses]);
  const missing = Object.keys(PROBLEMS).filter(
    (code) => !text.includes(`#/components/examples/${code}"`),
  );
  expect(missing).toEqual(['no_such_route']);
});
