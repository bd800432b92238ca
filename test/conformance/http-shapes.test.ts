import { chatChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { until } from '../harness/until.ts';
import { labForFile, newConversation } from './lab.ts';
import { call, clientsOn, positionOf, send } from './server-api.ts';
import type { HttpAnswer } from './server-api.ts';

const lab = labForFile();
let node: TestCentrifugo;
beforeAll(async () => {
  node = await lab.node({ namespaces: [{ name: 'bare' }] });
});

const NOT_FOUND = { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };
const BAD_REQUEST = { status: 400, type: 'text/plain; charset=utf-8', body: 'Bad Request\n' };
const UNAUTHORIZED = { status: 401, type: null, body: '' };
const WRONG_METHOD = { status: 405, type: null, body: '' };
const done = (result: unknown): HttpAnswer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify({ result }),
});
const noKey = { headers: {} };
const toBare = JSON.stringify({ channel: 'bare:x', data: 1 });

test.for<[string, string, Parameters<typeof send>[2], HttpAnswer]>([
  ['no key', '/api/publish', { ...noKey, body: toBare }, UNAUTHORIZED],
  ['a wrong key', '/api/publish', { headers: { 'x-api-key': 'no' }, body: toBare }, UNAUTHORIZED],
  ['GET with a key', '/api/publish', { method: 'GET' }, WRONG_METHOD],
  ['GET without a key', '/api/publish', { ...noKey, method: 'GET' }, WRONG_METHOD],
  ['PUT', '/api/publish', { method: 'PUT', body: toBare }, WRONG_METHOD],
  ['an unknown command', '/api/nonsense', { body: '{}' }, NOT_FOUND],
  ['an unknown command without a key', '/api/nonsense', { ...noKey, body: '{}' }, NOT_FOUND],
  ['an unknown path', '/nonsense', { ...noKey, method: 'GET' }, NOT_FOUND],
  ['a trailing slash', '/api/publish/', { body: toBare }, NOT_FOUND],
  ['malformed JSON', '/api/publish', { body: '{"channel":' }, BAD_REQUEST],
  ['an empty body', '/api/publish', { body: '' }, BAD_REQUEST],
  ['an array', '/api/publish', { body: '[]' }, BAD_REQUEST],
  ['a value of the wrong type', '/api/publish', { body: '{"channel":5,"data":1}' }, BAD_REQUEST],
  ['trailing garbage', '/api/publish', { body: `${toBare}x` }, BAD_REQUEST],
  ['two documents', '/api/publish', { body: toBare + toBare }, BAD_REQUEST],
  ['an unknown field', '/api/publish', { body: toBare.replace('{', '{"nonsense":1,') }, done({})],
  [
    'names in another case',
    '/api/publish',
    { body: toBare.replace('channel', 'CHANNEL').replace('data', 'Data') },
    done({}),
  ],
  ['unsubscribe without a user', '/api/unsubscribe', { body: '{"channel":"bare:x"}' }, done({})],
  ['disconnect without a user', '/api/disconnect', { body: '{}' }, done({})],
  ['no namespace', '/api/publish', { body: '{"channel":"x","data":1}' }, done({})],
  [
    'a name of 300 characters',
    '/api/publish',
    { body: JSON.stringify({ channel: `bare:${'x'.repeat(295)}`, data: 1 }) },
    done({}),
  ],
  ['a name outside of ASCII', '/api/publish', { body: '{"channel":"bare:é","data":1}' }, done({})],
  [
    'eight megabytes',
    '/api/publish',
    { body: JSON.stringify({ channel: 'bare:x', data: 'x'.repeat(8 * 1024 * 1024) }) },
    done({}),
  ],
])('T1 %s is answered as we read it', async ([, path, request, expected]) => {
  expect(await send(node, path, request)).toEqual(expected);
});

test.for<[string, (key: string) => { path: string; headers: Record<string, string> }]>([
  ['X-API-Key', (key) => ({ path: '/api/publish', headers: { 'x-api-key': key } })],
  [
    'Authorization',
    (key) => ({ path: '/api/publish', headers: { authorization: `apikey ${key}` } }),
  ],
  ['the query', (key) => ({ path: `/api/publish?api_key=${key}`, headers: {} })],
])('T1 the key is taken from %s', async ([, by]) => {
  const right = by(node.apiKey);
  expect(await send(node, right.path, { headers: right.headers, body: toBare })).toEqual(done({}));
  const wrong = by('wrong');
  expect(await send(node, wrong.path, { headers: wrong.headers, body: toBare })).toEqual(
    UNAUTHORIZED,
  );
});

test('T1 a plain GET of the WebSocket path is 400', async () => {
  expect((await send(node, '/connection/websocket', { method: 'GET' })).status).toBe(400);
});

const FAULTS = [
  ['an unknown namespace', 'publish', { channel: 'nowhere:x', data: 1 }, 404, 102],
  ['no data', 'publish', { channel: 'bare:x' }, 400, 107],
  ['no history', 'history', { channel: 'bare:x' }, 400, 108],
  ['no presence', 'presence_stats', { channel: 'bare:x' }, 400, 108],
] as const;

describe.each([
  ['header', async () => ({ node, headers: { 'x-centrifugo-error-mode': 'transport' } })],
  [
    'setting',
    async () => ({
      node: await lab.node({
        namespaces: [{ name: 'bare' }],
        settings: { CENTRIFUGO_HTTP_API_ERROR_MODE: 'transport' },
      }),
      headers: {},
    }),
  ],
] as const)('T2 errors told by the status, asked for by the %s', (_, start) => {
  let mode: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    mode = await start();
  });
  const ask = (command: string, params: unknown) =>
    send(mode.node, `/api/${command}`, {
      headers: { ...mode.headers, 'x-api-key': mode.node.apiKey },
      body: JSON.stringify(params),
    });

  test.for(FAULTS)('T2 %s', async ([, command, params, status, code]) => {
    const answer = await ask(command, params);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ code, message: expect.any(String) });
  });

  test('T2 a lost position is 416', async () => {
    const channel = newConversation();
    const { epoch } = await positionOf(mode.node, channel);
    const since = { offset: 3, epoch: `${epoch}x` };
    const answer = await ask('history', { channel, limit: 1, since });
    expect(answer.status).toBe(416);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 112 });
  });

  test('T2 a batch and a broadcast stay 200', async () => {
    const faulty = { channel: 'nowhere:x', data: 1 };
    expect(await ask('batch', { commands: [{ publish: faulty }] })).toMatchObject({ status: 200 });
    expect(await ask('broadcast', { channels: ['nowhere:x'], data: 1 })).toMatchObject({
      status: 200,
    });
  });
});

test.for(FAULTS)(
  'T2 %s is told in a 200 unless asked otherwise',
  async ([, command, params, , code]) => {
    expect(await call(node, command, params)).toEqual({
      error: { code, message: expect.any(String) },
    });
  },
);

describe('T8 who is on a channel', () => {
  test('T8 presence and its figures have the shapes that we read', async () => {
    const channel = chatChannel('ann');
    const [one, two] = [lab.listen(node, { channel }), lab.listen(node, { channel })];
    await Promise.all([one.isTold('subscribed'), two.isTold('subscribed')]);
    expect(await call(node, 'presence_stats', { channel })).toEqual({
      result: { num_clients: 2, num_users: 1 },
    });
    const { result } = await call(node, 'presence', { channel });
    expect(Object.values(result.presence)).toEqual([
      { client: expect.any(String), user: 'ann' },
      { client: expect.any(String), user: 'ann' },
    ]);
    const { result: listed } = await call(node, 'channels', { pattern: 'chat:*' });
    expect(listed.channels[channel]).toEqual({ num_clients: 2 });
  });

  test('T8 a channel where nobody is has figures of zero', async () => {
    expect(await call(node, 'presence_stats', { channel: chatChannel('nobody') })).toEqual({
      result: { num_clients: 0, num_users: 0 },
    });
  });

  test('T8 in a batch they come under the name of the command', async () => {
    const channel = chatChannel('ben');
    const listener = lab.listen(node, { channel, user: 'ben' });
    await listener.isTold('subscribed');
    await until(async () => (await clientsOn(node, channel)) === 1, {
      timeoutMs: 2_000,
      what: 'Ben to be counted',
    });
    expect(await call(node, 'batch', { commands: [{ presence_stats: { channel } }] })).toEqual({
      replies: [{ presence_stats: { num_clients: 1, num_users: 1 } }],
    });
  });

  test.for(['presence', 'presence_stats'])('T8 %s is 108 where it is not kept', async (command) => {
    expect(await call(node, command, { channel: newConversation() })).toMatchObject({
      error: { code: 108 },
    });
  });
});
