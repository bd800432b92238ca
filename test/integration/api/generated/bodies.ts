import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import type { Schema } from '../../../harness/arbitrary-of.ts';
import { at, channels, valueOf } from './values.ts';
import type { World } from './values.ts';

export type Body = {
  body: string | Uint8Array<ArrayBuffer> | undefined;
  headers: Record<string, string>;
};

const JSON_TYPE = { 'content-type': 'application/json' };
export const sound = (value: unknown): Body =>
  value === undefined
    ? { body: undefined, headers: {} }
    : { body: JSON.stringify(value), headers: JSON_TYPE };

/** Bodies of which most are sound; the others lack a field, have another or one too many, or are no such JSON at all. */
export function bodyOf(schema: Schema, world: World): fc.Arbitrary<Body> {
  const properties = (schema.$ref ? (at(schema.$ref) as Schema) : schema).properties ?? {};
  const channel = 'channel' in properties ? channels(world).map((one) => ({ channel: one })) : null;
  const valid = (channel ?? valueOf(schema, world)) as fc.Arbitrary<object>;
  const field = fc.constantFrom(...Object.keys(properties), 'surprise', '__proto__');
  const broken = fc
    .tuple(valid, field, fc.jsonValue())
    .map(([value, name, other]) => ({ ...value, [name]: other }));
  const lacking = fc
    .tuple(valid, field)
    .map(([value, name]) =>
      Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
    );
  const typed = fc.constantFrom(
    'text/plain',
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'application/merge-patch+json',
    'multipart/form-data; boundary=x',
    '',
  );
  return fc.oneof(
    { weight: 12, arbitrary: valid.map(sound) },
    { weight: 3, arbitrary: broken.map(sound) },
    { weight: 2, arbitrary: lacking.map(sound) },
    { weight: 1, arbitrary: fc.jsonValue().map(sound) },
    { weight: 1, arbitrary: fc.constant(sound(undefined)) },
    {
      weight: 1,
      arbitrary: fc.string({ maxLength: 60 }).map((body) => ({ body, headers: JSON_TYPE })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ minLength: 1, maxLength: 60 })
        .map((bytes) => ({ body: new Uint8Array(bytes), headers: JSON_TYPE })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(valid, typed).map(([value, type]) => ({
        body: JSON.stringify(value),
        headers: { 'content-type': type },
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(valid, fc.constantFrom('gzip', 'deflate', 'br', 'snappy', 'identity'))
        .map(([value, encoding]) => ({
          body: new Uint8Array(gzipSync(JSON.stringify(value))),
          headers: { ...JSON_TYPE, 'content-encoding': encoding },
        })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(valid, fc.integer({ min: 60_000, max: 70_000 }))
        .map(([value, length]) => sound({ ...value, surprise: 'x'.repeat(length) })),
    },
  );
}
