import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';

import type { Sql } from '../core/db/database.ts';
import { freePort } from '../embedded/ports.ts';
import { serveHealth } from './health.ts';

/** Answers every query, or none. */
const postgres = (answers: boolean) =>
  (() => (answers ? Promise.resolve([]) : new Promise(() => undefined))) as unknown as Sql;

async function readyz(parts: {
  lastRoundAt: number;
  answers?: boolean;
}): Promise<[number, string]> {
  const port = await freePort();
  const health = await serveHealth({
    port,
    host: '127.0.0.1',
    sql: postgres(parts.answers ?? true),
    loops: [{ name: 'sweep', lastRoundAt: () => parts.lastRoundAt, stop: async () => undefined }],
    registry: new Registry(),
  });
  onTestFinished(() => health.close({ finishMs: 0 }));
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return [answer.status, await answer.text()];
}

test('a worker whose loops go round is ready', async () => {
  expect(await readyz({ lastRoundAt: Date.now() })).toEqual([200, 'ok\n']);
});

test('a loop that has ended no round well for half a minute makes its worker not ready, and is named', async () => {
  const [status, text] = await readyz({ lastRoundAt: Date.now() - 31_000 });
  expect(status).toBe(503);
  expect(text).toBe('the sweep loop has not finished a round for 30 s\n');
});

test('so does a Postgres that says nothing', async () => {
  const [status, text] = await readyz({ lastRoundAt: Date.now(), answers: false });
  expect(status).toBe(503);
  expect(text).toBe('Postgres does not answer\n');
});
