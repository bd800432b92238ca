import { randomUUID } from 'node:crypto';

import { Message } from '@rov/realtime';
import { afterAll, expect, onTestFinished, test } from 'vitest';

import { freePort } from '../../../embedded/ports.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile, stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import { until } from '../../harness/until.ts';
import { ask, bodyOf, problemOf } from './ask.ts';
import type { Asked, Heard } from './ask.ts';
import { addressOf, nameOf, TRIALS } from './every-route.ts';
import type { Trial } from './every-route.ts';

const metricsPort = await freePort();
const database = await databaseForFile();
const { sql } = database;
const direct = new URL(database.url);
const proxy = await startTcpProxy({ host: direct.hostname, port: Number(direct.port) });
afterAll(() => proxy.close());

const throughProxy = new URL(database.url);
throughProxy.hostname = '127.0.0.1';
throughProxy.port = String(proxy.port);
const stack = await stackForFile({
  workers: 0,
  apiEnv: {
    DATABASE_URL: throughProxy.href,
    // Nobody listens there: Redis is away from beginning to end.
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    METRICS_PORT: String(metricsPort),
  },
});
const [ann, ben, cem] = await stack.people.persons('Ann', 'Ben', 'Cem');
const group = await stack.people.group(ann!, ben!);

const v1 = (person: Person, path: string, asked: Asked = {}): Promise<Heard> =>
  ask(`${stack.api.url}/v1${path}`, { token: person.token, ...asked });
const send = (clientId: string = randomUUID()): Promise<Heard> =>
  v1(ann!, `/conversations/${group}/messages`, {
    method: 'POST',
    body: { clientId, content: 'hello' },
  });
const stored = async (clientId: string): Promise<number> => {
  const rows = await sql`SELECT FROM messages WHERE client_id = ${clientId}`;
  return rows.length;
};
const readiness = async (): Promise<number> => (await ask(`${stack.api.url}/readyz`)).status;

/** Leaves the API with at least as many connections to Postgres as this, all of them at rest. */
const openConnections = (count: number): Promise<Heard[]> =>
  holdConversation({ sql, id: group }, async ({ waiting, release }) => {
    const sending = Array.from({ length: count }, () => send());
    await waiting('send_message', count);
    release();
    return Promise.all(sending);
  });

/** The API gives a question to Postgres 5 s, retries included; a second more for a busy machine. */
const NOBODY_WAITS_LONGER_MS = 6_000;

test('sends are answered as always while Redis is away, and each lost ring is counted', async () => {
  expect((await send()).status).toBe(201);
  expect(await readiness()).toBe(200);
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(Number(/^rov_doorbells_lost_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  const lines = stack.api.logs();
  expect(lines.filter(({ event }) => event === 'redis.unreachable')).toHaveLength(1);
});

test('only the position needs Centrifugo, and says so while it is away', async () => {
  await stack.centrifugo.kill();
  const heard = await v1(ann!, `/realtime/position?channel=conversation:${group}`);
  expect(problemOf(heard)).toMatchObject({ status: 503, code: 'realtime_unavailable' });
  expect(heard.headers.get('retry-after')).toBe('2');
  expect((await v1(ann!, '/realtime/token', { method: 'POST' })).status).toBe(200);
  expect((await send()).status).toBe(201);
  await stack.centrifugo.restart();
  const again = await v1(ann!, `/realtime/position?channel=conversation:${group}`);
  expect(again.status).toBe(200);
});

test('a send whose answer was lost after its commit is answered with the message that was stored', async () => {
  const clientId = randomUUID();
  proxy.swallowAnswerTo(clientId);
  const heard = await send(clientId);
  // It says what it found: the first try stands.
  expect(heard.status).toBe(200);
  expect(heard.headers.get('idempotent-replayed')).toBe('true');
  expect(bodyOf(Message, heard).clientId).toBe(clientId);
  expect(await stored(clientId)).toBe(1);
});

test('a send whose backend died while it waited for the lock is done once more', async () => {
  const clientId = randomUUID();
  const heard = await holdConversation({ sql, id: group }, async ({ waiting, release }) => {
    const sending = send(clientId);
    await waiting('send_message');
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'rov-api' AND wait_event_type = 'Lock'`;
    release();
    return sending;
  });
  expect(heard.status).toBe(201);
  expect(await stored(clientId)).toBe(1);
});

test('a removal whose fate is unknown is not repeated, and its caller is told', async () => {
  const id = await stack.people.group(ann!, cem!);
  proxy.swallowAnswerTo(id);
  const heard = await v1(ann!, `/conversations/${id}/members/${cem!.id}`, { method: 'DELETE' });
  expect(problemOf(heard)).toMatchObject({ status: 503, code: 'outcome_unknown' });
  expect(heard.headers.get('retry-after')).toBe('1');
});

test('a send that waits too long for its conversation is told to come back, and wrote nothing', async () => {
  const clientId = randomUUID();
  const heard = await holdConversation({ sql, id: group }, () => send(clientId));
  expect(problemOf(heard)).toMatchObject({ status: 503, code: 'conversation_busy' });
  expect(heard.headers.get('retry-after')).toBe('1');
  expect(await stored(clientId)).toBe(0);
  expect((await send(clientId)).status).toBe(201);
});

test('two groups under one client id at the same moment are one group', async () => {
  const body = { clientId: randomUUID(), title: 'x', memberIds: [ben!.id] };
  const made = await Promise.all(
    Array.from({ length: 8 }, () => v1(ann!, '/conversations', { method: 'POST', body })),
  );
  expect(made.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201]);
});

test('while Postgres is away everything says so at once, nothing hangs, and all is well when it is back', async () => {
  const before = await everythingStored(sql);
  await proxy.cut();
  const about = { conversationId: group, messageId: randomUUID(), member: ben! };
  // Whose caller is known already, so that nothing has to be asked.
  const needsPostgres = ({ pattern }: Trial): boolean => pattern !== '/v1/realtime/token';
  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      TRIALS.filter(needsPostgres).map(async (trial) => {
        const body = trial.body && { body: trial.body(about) };
        const url = `${stack.api.url}${addressOf(trial, about)}`;
        const { method, headers = {} } = trial;
        const heard = await ask(url, { method, headers, token: ann!.token, ...body });
        const { status, code } = problemOf(heard);
        expect(Number(heard.headers.get('retry-after'))).toBeGreaterThan(0);
        return {
          verdict: `${nameOf(trial)}: ${status} ${code}`,
          ms: performance.now() - started,
        };
      }),
    ).flat(),
  );
  // Whatever was on an open connection when that was cut cannot know; all others surely did nothing.
  const unexpected = answers
    .map(({ verdict }) => verdict)
    .filter((verdict) => !/: 503 (database_unavailable|outcome_unknown)$/.test(verdict));
  expect(unexpected).toEqual([]);
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(NOBODY_WAITS_LONGER_MS);
  expect(await readiness()).toBe(503);
  expect((await ask(`${stack.api.url}/livez`)).status).toBe(200);

  await proxy.mend();
  await expect.poll(readiness, { timeout: 5_000 }).toBe(200);
  expect(await everythingStored(sql)).toEqual(before);
  expect((await send()).status).toBe(201);
});

test('a Postgres that does not answer makes nobody wait for ever', async () => {
  const clientId = randomUUID();
  const newcomer = await stack.people.stranger('Eve');
  // What finds no connection open was surely not done: here each of the four finds one.
  await openConnections(4);
  // Whether somebody may come in is asked for each token and known for a moment: a send is the first thing that is asked.
  await v1(ann!, '/realtime/token', { method: 'POST' });
  proxy.freeze();
  onTestFinished(() => proxy.thaw());
  const [red, read, first, sent] = await Promise.all([
    readiness(),
    v1(ann!, '/unread'),
    v1(newcomer, '/unread'),
    send(clientId),
  ]);
  expect(red).toBe(503);
  expect(problemOf(read)).toMatchObject({ status: 503, code: 'database_unavailable' });
  // Whether the newcomer's profile was stored is not what they asked.
  expect(problemOf(first)).toMatchObject({ status: 503, code: 'database_unavailable' });
  expect(problemOf(sent)).toMatchObject({ status: 503, code: 'outcome_unknown' });
  proxy.thaw();
  await expect.poll(readiness, { timeout: 5_000 }).toBe(200);
  // Whether it was on its way all the time or never left, the same words again leave one message.
  expect([200, 201]).toContain((await send(clientId)).status);
  expect(await stored(clientId)).toBe(1);
});

test('a send that finds no connection open, and gets none, was surely not done', async () => {
  const clientId = randomUUID();
  // Known for a moment, so that the send is what is asked.
  await v1(ann!, '/realtime/token', { method: 'POST' });
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'rov-api'`;
  await until(() => proxy.ports().length === 0, { timeoutMs: 1_500, what: 'all to be closed' });
  proxy.freeze();
  onTestFinished(() => proxy.thaw());
  const heard = await send(clientId);
  expect(problemOf(heard)).toMatchObject({ status: 503, code: 'database_unavailable' });
  proxy.thaw();
  await expect.poll(readiness, { timeout: 5_000 }).toBe(200);
  expect(await stored(clientId)).toBe(0);
  expect((await send(clientId)).status).toBe(201);
});

test('nothing of this counted as a fault of ours', () => {
  expect(stack.api.logs().filter(({ event }) => event === 'request.failed')).toEqual([]);
});

test('a stopping API turns red first, finishes what it has begun, and ends well', async () => {
  const clientId = randomUUID();
  const [sent, code] = await holdConversation({ sql, id: group }, async ({ waiting, release }) => {
    const sending = send(clientId);
    await waiting('send_message');
    const stopping = stack.api.stop();
    // It says so only as long as it still takes connections, and the send waits for its lock no longer than a second.
    const says = async () => (await ask(`${stack.api.url}/readyz`)).text;
    await expect.poll(says, { timeout: 900, interval: 5 }).toContain('draining');
    release();
    return Promise.all([sending, stopping]);
  });
  expect(sent.status).toBe(201);
  expect(code).toBe(0);
});
