import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { expectDescribed } from './described.ts';
import type { Exchange } from './described.ts';

const document = JSON.parse(
  readFileSync(new URL('../../api/openapi.json', import.meta.url), 'utf8'),
);
const { examples, responses } = document.components;

const CONVERSATION = '019a8c52-7f0b-7c3e-9d41-5b2f6a0e8c17';
const path = `/v1/conversations/${CONVERSATION}/messages`;
const sendMessage = document.paths['/v1/conversations/{conversationId}/messages'].post;
const sent = sendMessage.requestBody.content['application/json'].example;
const message = sendMessage.responses['201'].content['application/json'].example;

/** A send that is answered with 201 as it should be, but for `change`. */
function send(change: Omit<Partial<Exchange>, 'headers'> & { headers?: object; body?: unknown }) {
  const { headers = {}, body = message, ...rest } = change;
  const type = (rest.status ?? 201) < 300 ? 'application/json' : 'application/problem+json';
  expectDescribed({
    method: 'POST',
    url: `http://127.0.0.1:4000${path}`,
    status: 201,
    sent,
    headers: new Headers(
      Object.entries({ 'content-type': type, 'x-request-id': 'r', ...headers }).filter(
        ([, value]) => value,
      ),
    ),
    text: JSON.stringify(body),
    ...rest,
  });
}

const problem = (code: string) => examples[code].value;
const refusal = (code: string) => ({ status: problem(code).status, body: problem(code), sent: {} });

const right: [string, () => void][] = [
  ['is a success', () => send({})],
  ['is a replay', () => send({ status: 200, headers: { 'idempotent-replayed': 'true' } })],
  ['is a problem of its route', () => send(refusal('content_empty'))],
  [
    'says when to ask again',
    () => send({ ...refusal('outcome_unknown'), headers: { 'retry-after': '1' } }),
  ],
  [
    'asks for a token',
    () => send({ ...refusal('token_expired'), headers: { 'www-authenticate': 'Bearer' } }),
  ],
  [
    'is of a path that fits two descriptions, of which one has the method',
    () =>
      send({
        method: 'PATCH',
        url: 'http://h/v1/conversations/direct/me',
        ...refusal('invalid_request'),
      }),
  ],
  [
    'is of a path that does not exist',
    () =>
      send({
        url: 'http://h/v1/nowhere',
        status: 404,
        body: { ...problem('not_found'), code: 'no_such_route' },
      }),
  ],
];

describe('an answer passes that', () => {
  test.each(right)('%s', (_what, exchange) => {
    expect(exchange).not.toThrow();
  });
});

const wrong: [string, () => void, RegExp][] = [
  ['has a field too many', () => send({ body: { ...message, mood: 'fine' } }), /additional/],
  [
    'has a field too many further in',
    () => send({ body: { ...message, sender: { ...message.sender, email: 'x' } } }),
    /sender must NOT have additional/,
  ],
  ['lacks a field', () => send({ body: { ...message, seq: undefined } }), /'seq'/],
  ['has a field of another type', () => send({ body: { ...message, seq: '42' } }), /seq must be/],
  ['has a bad id', () => send({ body: { ...message, id: 'x' } }), /id must match format "uuid"/],
  ['has a bad time', () => send({ body: { ...message, createdAt: 'today' } }), /"date-time"/],
  ['has a status of no description', () => send({ status: 202 }), /no such status of sendMessage/],
  ['has a body of another type', () => send({ headers: { 'content-type': 'text/html' } }), /type/],
  ['replays without a word of it', () => send({ status: 200 }), /Idempotent-Replayed is missing/],
  [
    'claims to be a replay',
    () => send({ headers: { 'idempotent-replayed': 'true' } }),
    /idempotent-replayed is not described/,
  ],
  ['does not say when to ask again', () => send(refusal('outcome_unknown')), /Retry-After/],
  ['has no request id', () => send({ headers: { 'x-request-id': '' } }), /X-Request-Id/],
  ['has the code of another route', () => send(refusal('last_owner')), /no such status/],
  [
    'has the code of another route, of the same status',
    () => send(refusal('title_not_allowed')),
    /code must be equal to one of the allowed values/,
  ],
  [
    'has a code that does not go with its status',
    () => send({ ...refusal('content_empty'), status: 400 }),
    /must be equal/,
  ],
  [
    'is a problem with a field too many',
    () => send({ ...refusal('content_empty'), body: { ...problem('content_empty'), sql: 'x' } }),
    /additional/,
  ],
  [
    'is a problem that calls itself ordinary JSON',
    () => send({ ...refusal('content_empty'), headers: { 'content-type': 'application/json' } }),
    /its type is not/,
  ],
  ['accepts what is refused', () => send({ sent: { ...sent, mood: 'fine' } }), /additional/],
  ['is of a path that does not exist', () => send({ url: 'http://h/v1/secret' }), /no such route/],
  ['is of a method that does not exist', () => send({ method: 'PATCH' }), /no such route/],
  [
    'has a body where none belongs',
    () => send({ method: 'DELETE', url: 'http://h/v1/connections/ben', status: 204 }),
    /it has no body/,
  ],
];

describe('an answer is caught that', () => {
  test.each(wrong)('%s', (_what, exchange, fault) => {
    expect(exchange).toThrow(fault);
  });
});

test('all examples of the document are as strict as the tests are', () => {
  let count = 0;
  for (const [template, methods] of Object.entries<any>(document.paths)) {
    for (const [method, operation] of Object.entries<any>(methods)) {
      for (const [status, said] of Object.entries<any>(operation.responses)) {
        const response = said.$ref ? responses[said.$ref.split('/').at(-1)] : said;
        for (const [type, media] of Object.entries<any>(response.content ?? {})) {
          const values = media.examples
            ? Object.keys(media.examples).map((code) => problem(code))
            : [media.example];
          for (const value of values) {
            count += 1;
            expectDescribed({
              method,
              url: `http://h${template.replaceAll(/[{}]/g, '')}`,
              sent: operation.requestBody?.content['application/json'].example,
              status: Number(status),
              headers: new Headers({ 'content-type': type, ...exampleHeaders(response) }),
              text: type.endsWith('json') ? JSON.stringify(value) : value,
            });
          }
        }
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});

const exampleHeaders = ({ headers }: { headers: object }) => {
  const values = { 'X-Request-Id': 'r', 'Retry-After': '1', 'WWW-Authenticate': 'Bearer' };
  const all = { ...values, 'Idempotent-Replayed': 'true', ETag: '"2"' };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in headers));
};
