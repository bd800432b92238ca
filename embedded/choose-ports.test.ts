import { createServer } from 'node:net';

import { expect, test } from 'vitest';

import { choosePorts } from './choose-ports.ts';

test('who has to move says so and leaves the others where they are', async () => {
  const blocker = createServer().listen(4000, '127.0.0.1');
  // Somebody else on this machine may have the port, a running "npm start" for one: then it is busy all the same.
  await new Promise((resolve) => {
    blocker.once('listening', resolve).once('error', resolve);
  });
  const said: string[] = [];
  const ports = await choosePorts({ byHand: {}, say: (line) => said.push(line) });
  blocker.close();

  expect(ports.app).toBeGreaterThan(4002);
  expect(said).toContain(`port 4000 is busy: app takes ${ports.app}`);
  expect(new Set(Object.values(ports)).size).toBe(6);
});

test('a port set by hand is the one', async () => {
  const ports = await choosePorts({ byHand: { DASHBOARD_PORT: '4733' }, say: () => {} });
  expect(ports.dashboard).toBe(4733);
});
