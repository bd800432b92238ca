import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

import express from 'express';
import type { ErrorRequestHandler } from 'express';
import { afterAll, expect, test } from 'vitest';

import { listen } from '../core/listen.ts';
import { referencePage } from './reference-page.ts';

const app = express();
const gone = Promise.withResolvers<void>();
app.use((_request, response, next) => {
  response.once('close', () => {
    if (!response.writableFinished) gone.resolve();
  });
  next();
});
app.use(referencePage());
app.use((_request, response) => void response.status(404).send('no such page'));
const faults: unknown[] = [];
const remember: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  faults.push(error);
  response.end();
};
app.use(remember);
const server = await listen(app, { host: '127.0.0.1', port: 0 });
afterAll(() => server.close());

const get = async (path: string) => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  const type = answer.headers.get('content-type')?.split(';')[0];
  return { status: answer.status, type, text: await answer.text() };
};

test.each(['openapi.json', 'asyncapi.json'])('%s is served as it was committed', async (name) => {
  const { type, text } = await get(`/${name}`);
  expect(type).toBe('application/json');
  expect(text).toBe(readFileSync(new URL(name, import.meta.url), 'utf8'));
});

test('a description is told as a whole or not at all', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/openapi.json`, {
    headers: { range: 'bytes=0-1' },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toHaveProperty('openapi');
});

test('the page has all its files, and none of them is inside of it', async () => {
  const { type, text } = await get('/docs');
  expect(type).toBe('text/html');
  expect(text).not.toMatch(/<script>|<style|style=/);
  const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  expect(files).toHaveLength(3);
  for (const path of files) expect(await get(path)).toMatchObject({ status: 200 });
});

test.each(['/docs/index.html', '/docs/swagger-initializer.js', '/docs/../openapi.ts'])(
  '%s is no part of it',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

test('what it is made of is installed in production, too', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(Object.keys(manifest.dependencies)).toContain('swagger-ui-dist');
});

test('somebody who goes before all of it has come is no fault of ours', async () => {
  const client = connect({ host: '127.0.0.1', port: server.port });
  client.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(client, 'data');
  client.resetAndDestroy();
  await gone.promise;
  await turn();
  await turn();
  expect(faults).toEqual([]);
});
