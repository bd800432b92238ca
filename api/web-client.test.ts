import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import express from 'express';
import { afterAll, expect, test } from 'vitest';

import { listen } from '../core/listen.ts';
import { webClient } from './web-client.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rov-web-'));
const folder = join(scratch, 'dist');
const app = express();
app.use(webClient(folder));
app.use((_request, response) => void response.status(404).send('no page'));
const server = await listen(app, { host: '127.0.0.1', port: 0 });
afterAll(async () => {
  await server.close();
  rmSync(scratch, { recursive: true });
});

const get = async (path: string, accept = 'text/html,*/*') => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { accept } });
  return {
    status: answer.status,
    cache: answer.headers.get('cache-control'),
    text: await answer.text(),
  };
};

test('without a build the page says how to make one, and with it the client is there', async () => {
  const before = await get('/');
  expect(before).toMatchObject({ status: 404, cache: 'no-store' });
  expect(before.text).toContain('npm run build:web');

  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<title>rov</title>');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'index-Bx1.js'), 'export {}');
  writeFileSync(join(scratch, 'secret'), 'secret');
  expect(await get('/')).toEqual({ status: 200, cache: 'no-cache', text: '<title>rov</title>' });
});

test('what has a hash in its name is kept for ever, everything else is asked for again', async () => {
  expect((await get('/assets/index-Bx1.js')).cache).toBe('public, max-age=31536000, immutable');
  expect((await get('/icon.svg')).cache).toBe('no-cache');
});

test('any address that a browser goes to is the page of the client', async () => {
  expect((await get('/conversations/7')).text).toBe('<title>rov</title>');
});

test.each([
  ['/v1/nothing', 'text/html'],
  ['/v1', 'text/html'],
  ['/demo/users', 'text/html'],
  ['/metrics', 'text/html'],
  ['/docs/missing', 'text/html'],
  ['/openapi.json', 'text/html'],
  ['/conversations/7', 'application/json'],
  ['/missing.js', '*/*'],
  ['/assets/missing.js', '*/*'],
  ['/../secret', '*/*'],
  ['/%2e%2e/secret', '*/*'],
  ['/..%2fsecret', '*/*'],
])('%s for %s is no page', async (path, accept) => {
  const { status, text } = await get(path, accept);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('<title>rov');
});
