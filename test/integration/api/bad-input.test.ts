import { randomUUID } from 'node:crypto';

import { Message } from '@rov/realtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { everythingStored } from '../../harness/everything-stored.ts';
import type { Stored } from '../../harness/everything-stored.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { ask, bodyOf, problemOf } from './ask.ts';
import type { Asked } from './ask.ts';

const stack = await stackForFile({ workers: 0 });
const [ann, ben] = await stack.people.persons('Ann', 'Ben');
const conversation = await stack.people.group(ann!, ben!);
const missing = randomUUID();

const at = (path: string): string => `${stack.api.url}${path}`;
const messages = `/v1/conversations/${conversation}/messages`;

const stored = (): Promise<Stored> => everythingStored(stack.database.sql);

let before: Stored;
beforeEach(async () => {
  before = await stored();
});
afterEach(async () => {
  expect(await stored()).toEqual(before);
});

async function refusal(path: string, asked: Asked): Promise<string> {
  const problem = problemOf(await ask(at(path), { token: ann!.token, ...asked }));
  return `${problem.status} ${problem.code}`;
}

const send = (body: unknown, headers: Record<string, string> = {}) =>
  refusal(messages, { method: 'POST', body, headers });
const message = (more: object) => ({ clientId: randomUUID(), content: 'x', ...more });

describe('a body', () => {
  test.each([
    ['is cut off', '{"content":', '400 malformed_json'],
    ['is text', 'hello', '400 malformed_json'],
    ['is a number', '7', '400 malformed_json'],
    ['is a list', '[]', '400 invalid_request'],
    ['is null', 'null', '400 malformed_json'],
    ['is empty', '', '400 invalid_request'],
    ['is larger than 64 KiB', `{"content":"${'x'.repeat(65 * 1_024)}"}`, '413 body_too_large'],
    ['lacks a field', { content: 'x' }, '400 invalid_request'],
    ['has an unknown field', message({ sender: 'ben' }), '400 invalid_request'],
    ['has a field of another type', message({ content: 7 }), '400 invalid_request'],
    ['has an unknown type of message', message({ type: 'system' }), '400 invalid_request'],
    ['has a bad id', message({ replyToId: '1; DROP TABLE users' }), '400 invalid_request'],
    ['has an empty client id', message({ clientId: '' }), '400 invalid_request'],
    ['has a client id of half a pair', message({ clientId: '\ud800' }), '400 invalid_request'],
    ['has a client id with NUL', message({ clientId: 'a\0b' }), '400 invalid_request'],
    [
      'has a client id of 65 characters',
      message({ clientId: 'x'.repeat(65) }),
      '400 invalid_request',
    ],
    ['has metadata that is a list', message({ metadata: [] }), '400 invalid_request'],
    ['has __proto__', '{"__proto__":{"a":1},"clientId":"p","content":"x"}', '400 invalid_request'],
    [
      'has a number past all numbers',
      '{"clientId":"p","content":"x","metadata":{"n":1e999}}',
      '400 invalid_request',
    ],
    [
      'is nested without end',
      `{"clientId":"p","content":"x","metadata":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`,
      '400 invalid_request',
    ],
  ])('that %s is refused', async (_what, body, expected) => {
    expect(await send(body)).toBe(expected);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    '',
  ])('of type %j is refused', async (type) => {
    const body = JSON.stringify(message({}));
    expect(await send(body, { 'content-type': type })).toBe('415 unsupported_media_type');
  });

  test('whose encoding is unknown is refused, and one that says less than it is', async () => {
    const body = JSON.stringify(message({}));
    expect(await send(body, { 'content-encoding': 'snappy' })).toBe('415 unsupported_media_type');
    expect(await send(body, { 'content-encoding': 'gzip' })).toMatch(/^400 /);
  });

  test('is told what is wrong with it, field by field', async () => {
    const heard = await ask(at(messages), {
      method: 'POST',
      token: ann!.token,
      body: { clientId: 7, content: [], extra: 1 },
    });
    const { errors, instance } = problemOf(heard);
    expect(errors?.map(({ path }) => path)).toEqual(['clientId', 'content', '']);
    expect(instance).toBe(messages);
  });
});

describe('content', () => {
  test.each([
    ['nothing', '', '422 content_empty'],
    ['white space', ' \n\t ', '422 content_empty'],
    ['control characters', '\u0000\u0007\u001b', '422 content_empty'],
    ['4,001 characters', 'x'.repeat(4_001), '422 content_too_long'],
    ['4,001 emoji', '😀'.repeat(4_001), '422 content_too_long'],
    ['half a surrogate pair', 'a\ud800', '422 content_malformed'],
  ])('that is %s is refused', async (_what, content, expected) => {
    expect(await send(message({ content }))).toBe(expected);
  });

  test.each([
    ['is larger than 4 KiB', { a: 'x'.repeat(4_096) }, '422 metadata_too_large'],
    ['holds NUL', { a: ['\0'] }, '422 metadata_malformed'],
    ['holds half a surrogate pair in a key', { '\udc00': 1 }, '422 metadata_malformed'],
  ])('with metadata that %s is refused', async (_what, metadata, expected) => {
    expect(await send(message({ metadata }))).toBe(expected);
  });

  test('under a client id that is taken by other content is refused', async () => {
    const body = message({});
    const first = await ask(at(messages), { method: 'POST', token: ann!.token, body });
    expect(first.status).toBe(201);
    before = await stored();
    expect(await send({ ...body, content: 'y' })).toBe('422 client_id_reused');
    expect(await send({ ...body, metadata: {} })).toBe('422 client_id_reused');
  });

  test('keeps 4,000 emoji, and loses NUL and other control characters', async () => {
    const post = (content: string) =>
      ask(at(messages), { method: 'POST', token: ann!.token, body: message({ content }) });
    const long = '😀'.repeat(4_000);
    expect(bodyOf(Message, await post(long)).content).toBe(long);
    expect(bodyOf(Message, await post(' a\0b\u001b[31mc\n\td ')).content).toBe('ab[31mc\n\td');
    before = await stored();
  });

  test('with __proto__ and its like in the metadata harms nobody', async () => {
    const body = `{"clientId":"${randomUUID()}","content":"x","metadata":{"__proto__":{"isAdmin":true},"constructor":{"prototype":1}}}`;
    const heard = await ask(at(messages), { method: 'POST', token: ann!.token, body });
    expect(heard.status).toBe(201);
    expect(bodyOf(Message, heard).metadata).toEqual({ constructor: { prototype: 1 } });
    before = await stored();
  });
});

describe('other bodies', () => {
  const group = (more: object) => ({ clientId: randomUUID(), title: 'x', memberIds: [], ...more });
  test.each([
    ['POST', '/v1/conversations', group({ clientId: '\0' }), '400 invalid_request'],
    ['POST', '/v1/conversations', group({ title: '' }), '400 invalid_request'],
    ['POST', '/v1/conversations', group({ title: '\u0000\u0001' }), '422 title_not_allowed'],
    ['POST', '/v1/conversations', group({ title: '\ud800' }), '422 title_not_allowed'],
    ['POST', '/v1/conversations', group({ title: 'x'.repeat(101) }), '400 invalid_request'],
    ['POST', '/v1/conversations', group({ memberIds: ["'; --"] }), '400 invalid_request'],
    ['POST', '/v1/conversations', group({ memberIds: 'ben' }), '400 invalid_request'],
    ['POST', `/v1/conversations/${conversation}/members`, { userIds: [] }, '400 invalid_request'],
    [
      'POST',
      `/v1/conversations/${conversation}/members`,
      { userIds: ['a:b'] },
      '400 invalid_request',
    ],
    ['PUT', `/v1/conversations/${conversation}/read`, { seq: -1 }, '400 invalid_request'],
    ['PUT', `/v1/conversations/${conversation}/read`, { seq: 1.5 }, '400 invalid_request'],
    ['PUT', `/v1/conversations/${conversation}/read`, { seq: 2 ** 63 }, '400 invalid_request'],
    ['PUT', `/v1/conversations/${conversation}/read`, { seq: '1' }, '400 invalid_request'],
    ['PUT', '/v1/presence/sessions/tab', { state: 'asleep' }, '400 invalid_request'],
    ['PUT', '/v1/presence/status', { status: 'online' }, '400 invalid_request'],
    ['POST', '/v1/realtime/subscription-token', { channel: '' }, '400 invalid_request'],
    ['POST', '/v1/realtime/subscription-token', { channel: "chat:a'b" }, '400 not_a_channel'],
    ['POST', '/v1/realtime/subscription-token', { channel: 'chat:*' }, '400 not_a_channel'],
    [
      'POST',
      '/v1/realtime/subscription-token',
      { channel: `chat:${'x'.repeat(200)}` },
      '400 not_a_channel',
    ],
  ])('%s %s %j → %4$s', async (method, path, body, expected) => {
    expect(await refusal(path, { method, body })).toBe(expected);
  });
});

describe('an address', () => {
  const far = `/v1/conversations/${missing}`;
  const cursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
  test.each([
    ['GET', '/v1/conversations/7', '400 invalid_request'],
    ['GET', '/v1/conversations/%00', '400 invalid_request'],
    ['GET', '/v1/conversations/%E0%A4%A', '400 invalid_request'],
    ['GET', `/v1/conversations/${'x'.repeat(5_000)}`, '400 invalid_request'],
    ['GET', `${far}?verbose=1`, '400 invalid_request'],
    ['GET', `${far}?__proto__=1`, '400 invalid_request'],
    ['GET', '/v1/unread?x', '400 invalid_request'],
    ['POST', '/v1/realtime/token?x=1', '400 invalid_request'],
    ['GET', '/v1/conversations?limit=0', '400 invalid_request'],
    ['GET', '/v1/conversations?limit=101', '400 invalid_request'],
    ['GET', '/v1/conversations?limit=ten', '400 invalid_request'],
    ['GET', '/v1/conversations?limit=1&limit=2', '400 invalid_request'],
    ['GET', '/v1/conversations?cursor=nonsense', '400 invalid_request'],
    [
      'GET',
      `/v1/conversations?cursor=${cursor({ lastActiveAt: '2026-02-31 00:00:00+00', id: missing })}`,
      '400 invalid_request',
    ],
    [
      'GET',
      `/v1/conversations?cursor=${cursor({ lastActiveAt: 'now()', id: missing })}`,
      '400 invalid_request',
    ],
    ['GET', `/v1/connections?cursor=${cursor("' OR 1=1")}`, '400 invalid_request'],
    ['GET', `/v1/connections?cursor=${'A'.repeat(300)}`, '400 invalid_request'],
    ['GET', `${far}/messages?before=0`, '400 invalid_request'],
    ['GET', `${far}/messages?after=-1`, '400 invalid_request'],
    ['GET', `${far}/messages?before=99999999999999999999`, '400 invalid_request'],
    ['GET', '/v1/presence', '400 invalid_request'],
    ['GET', '/v1/presence?userIds=', '400 invalid_request'],
    ['GET', '/v1/presence?userIds=a:b', '400 invalid_request'],
    ['GET', `/v1/presence?userIds=${Array(101).fill('u').join(',')}`, '400 invalid_request'],
    ['GET', '/v1/realtime/position', '400 invalid_request'],
    ['GET', '/v1/realtime/position?channel=chat:', '400 not_a_channel'],
    ['PUT', '/v1/presence/sessions/a%20b', '400 invalid_request'],
    ['DELETE', `/v1/presence/sessions/${'x'.repeat(65)}`, '400 invalid_request'],
    ['PUT', '/v1/conversations/direct/a:b', '400 invalid_request'],
    ['PUT', '/v1/connections/%27%3B--', '400 invalid_request'],
    ['DELETE', '/v1/connections/*', '400 invalid_request'],
    ['DELETE', `${far}/members/${'x'.repeat(129)}`, '400 invalid_request'],
    ['GET', '/v1/nowhere', '404 no_such_route'],
    ['GET', '/v1', '404 no_such_route'],
    ['PATCH', '/v1/unread', '404 no_such_route'],
    ['POST', '/elsewhere', '404 no_such_route'],
    ['GET', '/demo/users', '404 no_such_route'],
  ])('%s %s → %s', async (method, path, expected) => {
    expect(await refusal(path, { method })).toBe(expected);
  });

  test('that a body was sent to which takes none does not mind the empty ones of clients', async () => {
    const empty = { method: 'POST', token: ann!.token, headers: { 'content-length': '0' } };
    expect((await ask(at('/v1/realtime/token'), empty)).status).toBe(200);
    const braces = { method: 'POST', token: ann!.token, body: {} };
    expect((await ask(at('/v1/realtime/token'), braces)).status).toBe(200);
  });
});

test.each(['', 'has space', 'x'.repeat(65), '../etc', '<b>', '-leading'])(
  'a request id like %j is replaced',
  async (given) => {
    const heard = await ask(at('/livez'), { headers: { 'x-request-id': given } });
    expect(heard.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('no message, no token and no query got into the log, and no fault was met', () => {
  const secret = JSON.parse(
    Buffer.from(ann!.token.split('.')[1]!, 'base64url').toString(),
  ) as object;
  expect(Object.keys(secret)).toContain('sub');
  const output = stack.api.output();
  expect(output).not.toContain(ann!.token.slice(-20));
  expect(output).not.toContain('xxxxxxxx');
  expect(output).not.toContain('userIds=');
  expect(output).not.toContain('😀');
  const lines = stack.api.logs();
  expect(lines.filter(({ event }) => event === 'request.failed')).toEqual([]);
  expect(lines.filter(({ event }) => event === 'http.answered').length).toBeGreaterThan(50);
  // The one that only the database knows to be wrong: the 31st of February.
  const refused = lines.filter(({ event }) => event === 'request.value_refused');
  expect(refused.map(({ err }) => (err as { message: string }).message)).toEqual([
    expect.stringContaining('out of range'),
  ]);
});
