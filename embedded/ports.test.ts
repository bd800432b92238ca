import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { promisify } from 'node:util';

import { afterEach, expect, test, vi } from 'vitest';

import { freePort, onSomePort, portFrom, portSetByHand } from './ports.ts';

const run = promisify(execFile);
const busy: Server[] = [];
const occupy = async (port: number): Promise<void> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  busy.push(server);
};
afterEach(() => busy.splice(0).forEach((server) => server.close()));

test('a port is given once, although nobody listens on it yet', async () => {
  const ports: number[] = [];
  for (let n = 0; n < 400; n += 1) ports.push(await freePort());
  expect(new Set(ports).size).toBe(ports.length);
});

test('nor is it given by another process', async () => {
  const port = await freePort();
  const ports = new URL('./ports.ts', import.meta.url).href;
  const script = `import crypto from 'node:crypto';
    import { syncBuiltinESMExports } from 'node:module';
    let next = ${port};
    crypto.randomInt = () => next++;
    syncBuiltinESMExports();
    const { freePort } = await import('${ports}');
    console.log(await freePort());`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(Number(stdout)).toBeGreaterThan(port);
});

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

const taken = async (port: number): Promise<never> => {
  throw new Error(`${port} is already in use`);
};

test('a server gets another port when somebody took the first before it', async () => {
  const tried: number[] = [];
  const start = async (port: number): Promise<number> =>
    tried.push(port) === 1 ? taken(port) : port;
  expect(await onSomePort(undefined, start)).toBe(tried[1]);
});

test.each([
  ['the port that was asked for', 4_000, 1],
  ['five free ones', undefined, 5],
])('that %s cannot be had is said', async (_, wanted, tries) => {
  const start = vi.fn<typeof taken>(taken);
  await expect(onSomePort(wanted, start)).rejects.toThrow('is already in use');
  expect(start).toHaveBeenCalledTimes(tries);
});

test('another fault is no reason to try again', async () => {
  const start = vi.fn<() => Promise<never>>().mockRejectedValue(new Error('no such image'));
  await expect(onSomePort(undefined, start)).rejects.toThrow('no such image');
  expect(start).toHaveBeenCalledTimes(1);
});
