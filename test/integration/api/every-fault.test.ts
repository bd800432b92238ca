import { beforeAll, describe, expect, test } from 'vitest';

import { createAskDatabase } from '../../../api/ask-database.ts';
import { createMetrics } from '../../../api/metrics.ts';
import { describedRoutes, idleApp } from '../../../api/reference/current.ts';
import { openDatabase } from '../../../core/db/database.ts';
import { upsertProfile } from '../../../core/people/upsert-profile.ts';
import { freePort } from '../../../embedded/ports.ts';
import { apiInProcess } from '../../harness/api-in-process.ts';
import type { ApiInProcess } from '../../harness/api-in-process.ts';
import { ask, problemOf } from './ask.ts';
import { addressOf, askedOf, nameOf, TRIALS } from './every-route.ts';
import type { About, Trial } from './every-route.ts';

const ID = '019a8c52-7f0b-7c3e-9d41-5b2f6a0e8c17';
const all = TRIALS.map((trial) => [nameOf(trial), trial] as const);

/** A newcomer asks for what does not exist: no request of this file comes so far. */
async function askNewcomer(api: ApiInProcess, trial: Trial) {
  const newcomer = await api.people.stranger('Eve');
  const about: About = { conversationId: ID, messageId: ID, member: newcomer };
  const url = `${api.url}${addressOf(trial, about)}`;
  return ask(url, { ...askedOf(trial, about), token: newcomer.token });
}

describe('what goes wrong in a way that nobody thought of is told as a problem of ours, and nothing more', async () => {
  const broken = await apiInProcess({
    metrics: {
      ...createMetrics(),
      measure: (_request, _response, next) => next(new Error('SELECT secret FROM insides')),
    },
  });

  test.each(all)('%s', async (_name, trial) => {
    const heard = await askNewcomer(broken, trial);
    expect(problemOf(heard)).toMatchObject({ status: 500, code: 'internal' });
    expect(heard.text).not.toContain('insides');
  });

  const open = describedRoutes(idleApp()).filter(({ path }) => !path.startsWith('/v1'));
  test.each(open.map(({ name, path }) => [name, path] as const))('%s', async (_name, path) => {
    const heard = await ask(`${broken.url}${path}`);
    expect(problemOf(heard)).toMatchObject({ status: 500, code: 'internal' });
  });
});

describe('whoever has asked for too much is told when to come back', async () => {
  const spent = { calls: 1, seconds: 60 };
  const unasked = () => Promise.reject(new Error('the database was asked for them'));
  const api = await apiInProcess({
    admission: { now: unasked, lately: unasked, forget: () => undefined },
    limits: {
      count: () => Promise.resolve({ isAllowed: false, quota: spent, left: 0, resetMs: 60_000 }),
    },
  });

  test.each(all)('%s', async (_name, trial) => {
    const heard = await askNewcomer(api, trial);
    expect(problemOf(heard)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(heard.headers.get('retry-after')).toBe('60');
  });
});

describe('while Postgres is away, whoever is not known yet is told to come back', async () => {
  const port = await freePort();
  const away = openDatabase({
    url: `postgres://127.0.0.1:${port}/none`,
    applicationName: 'rov-api',
    maxConnections: 4,
  });
  const asking = createAskDatabase({ atOnce: 16, deadlineMs: 5_000 });
  const api = await apiInProcess({
    database: away,
    ask: asking,
    remember: (profile) => asking.read(() => upsertProfile(away.sql, profile)),
  });
  beforeAll(() => () => away.close(0));

  test.each(all)('%s', async (_name, trial) => {
    const heard = await askNewcomer(api, trial);
    expect(problemOf(heard)).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect(Number(heard.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('whoever is banned is told so, whatever they ask for', async () => {
  const api = await apiInProcess();
  const { sql } = api.database;

  test.each(all)('%s', async (_name, trial) => {
    const eve = await api.people.stranger('Eve');
    await upsertProfile(sql, { id: eve.id, name: 'Eve', username: null, image: null });
    await sql`UPDATE users SET banned_at = now() WHERE id = ${eve.id}`;
    const about: About = { conversationId: ID, messageId: ID, member: eve };
    const heard = await ask(`${api.url}${addressOf(trial, about)}`, {
      ...askedOf(trial, about),
      token: eve.token,
    });
    expect(problemOf(heard)).toMatchObject({ status: 403, code: 'banned' });
  });
});

test('the descriptions are answered as they were published', async () => {
  const api = await apiInProcess();
  for (const path of ['/livez', '/readyz', '/openapi.json', '/asyncapi.json']) {
    expect((await ask(`${api.url}${path}`)).status).toBe(200);
  }
});
