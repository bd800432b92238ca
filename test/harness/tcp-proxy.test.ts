import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, expect, test } from 'vitest';

import { startTcpProxy } from './tcp-proxy.ts';

const CHUNKS = 300;

const arrived: Buffer[] = [];
const all = Promise.withResolvers<void>();
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('data', (chunk: Buffer) => {
    arrived.push(chunk);
    if (Buffer.concat(arrived).length === 2 * CHUNKS) all.resolve();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const proxy = await startTcpProxy({
  host: '127.0.0.1',
  port: (server.address() as AddressInfo).port,
});
afterAll(async () => {
  await proxy.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('what is slowed down, each piece by another time, arrives in order and whole', async () => {
  proxy.slowDown(() => Math.random() * 20);
  const client = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true });
  const sent: Buffer[] = [];
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const bytes = Buffer.from([chunk >> 8, chunk & 255]);
    sent.push(bytes);
    client.write(bytes);
    await sleep(1);
  }
  await all.promise;
  client.destroy();
  expect(Buffer.concat(arrived).toString('hex')).toBe(Buffer.concat(sent).toString('hex'));
});
