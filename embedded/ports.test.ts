import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { freePort, portFrom, portSetByHand } from './ports.ts';

const busy: Server[] = [];
const occupy = async (port: number): Promise<void> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  busy.push(server);
};
afterEach(() => busy.splice(0).forEach((server) => server.close()));

test('a busy usual port moves to the next free one', async () => {
  const port = await freePort();
  await occupy(port);
  expect(await portFrom(port, new Set())).toBeGreaterThan(port);
});

test('a free usual port is taken, unless it is to be avoided', async () => {
  const port = await freePort();
  expect(await portFrom(port, new Set())).toBe(port);
  expect(await portFrom(port, new Set([port]))).toBeGreaterThan(port);
});

test('a port set by hand that is busy is an error which names variable and port', async () => {
  const port = await freePort();
  await occupy(port);
  const wish = { variable: 'PORT', value: String(port), avoid: new Set<number>() };
  await expect(portSetByHand(wish)).rejects.toThrow(`PORT asks for port ${port}`);
});

test.each(['http', '0', '70000', '40.5'])('%s is no port', async (value) => {
  const wish = { variable: 'PORT', value, avoid: new Set<number>() };
  await expect(portSetByHand(wish)).rejects.toThrow(`PORT=${value} is not a port`);
});
