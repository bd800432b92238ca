import { globSync, readFileSync } from 'node:fs';

import express from 'express';
import { afterAll, expect, test } from 'vitest';

import { listen } from '../core/listen.ts';
import { createLog } from '../core/log.ts';
import { PROBLEMS } from './problem-codes.ts';
import { asRefusal, answerProblems } from './problem.ts';
import { Refusal } from './refusal.ts';
import { nameRequest } from './request-id.ts';

const lines: string[] = [];
const log = createLog({ door: 'api', level: 'info' });
// What the log would write, kept instead.
const kept = Object.assign(Object.create(log) as typeof log, {
  error: (...line: unknown[]) => lines.push(JSON.stringify(line)),
  warn: (...line: unknown[]) => lines.push(JSON.stringify(line)),
});

let thrown: unknown;
const app = express();
app.use(nameRequest);
app.use(() => {
  throw thrown;
});
app.use(answerProblems(kept));
const server = await listen(app, { host: '127.0.0.1', port: 0 });
afterAll(() => server.close());

const answerTo = async (error: unknown) => {
  thrown = error;
  lines.length = 0;
  const answer = await fetch(`http://127.0.0.1:${server.port}/v1/x?secret=1`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

test.each([
  [Object.assign(new Error('INSERT INTO messages'), { code: '55P03' }), 'conversation_busy'],
  [Object.assign(new Error('SELECT'), { code: 'ECONNREFUSED' }), 'database_unavailable'],
  [Object.assign(new Error('SELECT'), { code: '57014' }), 'database_unavailable'],
  [Object.assign(new Error('SELECT'), { code: 'ECONNRESET' }), 'outcome_unknown'],
  [Object.assign(new Error('SELECT'), { code: '22P05' }), 'invalid_request'],
  [Object.assign(new Error('SELECT'), { code: '42P01' }), 'internal'],
  [
    Object.assign(new Error('cut off'), { status: 400, type: 'entity.parse.failed' }),
    'malformed_json',
  ],
  [Object.assign(new Error('much'), { status: 413, type: 'entity.too.large' }), 'body_too_large'],
  [Object.assign(new URIError('%'), { status: 400 }), 'invalid_request'],
  [Object.assign(new Error('teapot'), { status: 500 }), 'internal'],
  [new TypeError('x is undefined'), 'internal'],
  ['a text', 'internal'],
  [undefined, 'internal'],
])('%s is %s', (error, code) => {
  expect(asRefusal(error).code).toBe(code);
});

test('a fault of ours is logged once and tells the client nothing but its request id', async () => {
  const { status, text } = await answerTo(new TypeError('the insides'));
  expect(status).toBe(500);
  expect(JSON.parse(text)).toEqual({
    type: 'urn:rov:problem:internal',
    title: PROBLEMS.internal.title,
    status: 500,
    instance: '/v1/x',
    code: 'internal',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(lines).toHaveLength(1);
  // In words of our own: pino would take those of the error.
  expect(JSON.parse(lines[0] ?? '')[1]).toBe('failed');
});

test.each(Object.entries(PROBLEMS))(
  '%s says when to ask again if that may help',
  async (code, kind) => {
    const { headers } = await answerTo(new Refusal(code as keyof typeof PROBLEMS));
    expect(headers.has('retry-after')).toBe([429, 503].includes(kind.status));
  },
);

test("a client's own mistake is none of the log's business", async () => {
  await answerTo(new Refusal('content_empty'));
  expect(lines).toEqual([]);
});

test('every code is thrown somewhere, none is spelled elsewhere', () => {
  const sources = ['.', '../core/chat']
    .flatMap((folder) => globSync(`${folder}/*.ts`, { cwd: import.meta.dirname }))
    .filter((file) => !file.endsWith('.test.ts') && file !== 'problem-codes.ts')
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n');
  expect(Object.keys(PROBLEMS).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});
