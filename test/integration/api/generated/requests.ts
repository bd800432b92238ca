import fc from 'fast-check';

import type { Schema } from '../../../harness/arbitrary-of.ts';
import { bodyOf, sound } from './bodies.ts';
import type { Body } from './bodies.ts';
import { headersOf } from './headers.ts';
import { at, channels, document, valueOf } from './values.ts';
import type { Operation, Parameter, World } from './values.ts';

export type GeneratedRequest = {
  operationId: string;
  method: string;
  address: string;
  headers: Record<string, string>;
  body: Body['body'];
};

const HOSTILE = [
  '',
  '\0',
  '..',
  '%',
  "' OR 1=1 --",
  '__proto__',
  'null',
  '-1',
  '1e999',
  '99999999999999999999',
  '\ud83d\ude00',
  'x'.repeat(2_000),
];

/** Requests to every operation of the document, most of them sound but for one thing, each about one of the worlds. */
export function generatedRequests(worlds: World[]): fc.Arbitrary<GeneratedRequest> {
  return fc.oneof(...worlds.map(requestsIn));
}

function requestsIn(world: World): fc.Arbitrary<GeneratedRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      requestTo({ path, method: method.toUpperCase(), operation, world }),
    ),
  );
  return fc.oneof(...operations);
}

export const operationIds: string[] = Object.values(document.paths)
  .flatMap((methods) => Object.values(methods))
  .map(({ operationId }) => operationId);

function requestTo(to: {
  path: string;
  method: string;
  operation: Operation;
  world: World;
}): fc.Arbitrary<GeneratedRequest> {
  const { path, method, operation, world } = to;
  const parameters = (operation.parameters ?? []).map((parameter) =>
    '$ref' in parameter ? (at(parameter.$ref) as Parameter) : parameter,
  );
  const within = (where: string) => parameters.filter((parameter) => parameter.in === where);
  const schema = operation.requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path: pathOf(path, { parameters: within('path'), world }),
      query: queryOf(within('query'), world),
      headers: headersOf(within('header'), world),
      spelling: fc.oneof(
        { weight: 60, arbitrary: fc.constant((made: string) => made) },
        { weight: 1, arbitrary: fc.constant((made: string) => `${made}/`) },
        { weight: 1, arbitrary: fc.constant((made: string) => made.toUpperCase()) },
      ),
      body: schema ? bodyOf(schema, world) : fc.constant(sound(undefined)),
      method: fc.oneof(
        { weight: 40, arbitrary: fc.constant(method) },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE') },
      ),
    })
    .map(({ path: made, spelling, query, headers, body, method: asked }) => ({
      operationId: asked === method ? operation.operationId : '',
      method: asked,
      address: query === '' ? spelling(made) : `${spelling(made)}?${query}`,
      headers: { ...body.headers, ...headers },
      body: asked === 'GET' ? undefined : body.body,
    }));
}

function pathOf(
  template: string,
  { parameters, world }: { parameters: Parameter[]; world: World },
): fc.Arbitrary<string> {
  const pools: Record<string, string[]> = {
    conversationId: world.conversationIds,
    messageId: world.messageIds,
    userId: [...world.userIds, 'me'],
    emoji: ['👍', '🍜', '❤️'],
  };
  const parts = parameters.map(({ name, schema }) => {
    const known = pools[name];
    const likely = known ? fc.constantFrom(...known) : valueOf(schema, world).map(String);
    const value = fc.oneof(
      { weight: 12, arbitrary: likely },
      { weight: 1, arbitrary: valueOf(schema, world).map(String) },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
    );
    return value.map((one) => [name, one] as const);
  });
  return fc
    .tuple(...parts)
    .map((values) =>
      values.reduce((path, [name, one]) => path.replace(`{${name}}`, escaped(one)), template),
    );
}

function queryOf(parameters: Parameter[], world: World): fc.Arbitrary<string> {
  const known = parameters.map(({ name, required, schema }) => {
    const value = fc.oneof(
      { weight: 12, arbitrary: likelyQuery(name, { schema, world }) },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
    );
    return fc.record({
      name: fc.constant(name),
      value,
      given: required ? share(19, 20) : share(1, 3),
    });
  });
  const unknown = fc.record({
    name: fc.string({ maxLength: 12 }),
    value: fc.string({ maxLength: 12 }),
    given: share(1, 30),
  });
  return fc.tuple(...known, unknown).map((all) =>
    all
      .filter(({ given }) => given)
      .map(({ name, value }) => `${escaped(name)}=${escaped(value)}`)
      .join('&'),
  );
}

function likelyQuery(
  name: string,
  { schema, world }: { schema: Schema; world: World },
): fc.Arbitrary<string> {
  if (name === 'userIds') {
    return fc.array(fc.constantFrom(...world.userIds), { minLength: 1, maxLength: 5 }).map(String);
  }
  if (name === 'channel') return channels(world);
  return valueOf(schema, world).map(String);
}

const share = (part: number, of: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 1, max: of }).map((drawn) => drawn <= part);

/** Halves of surrogate pairs cannot be written into an address. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
