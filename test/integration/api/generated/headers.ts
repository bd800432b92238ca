import fc from 'fast-check';

import type { Parameter, World } from './values.ts';

/** Headers: mostly of a caller whom the API knows, with those that the route describes and some that it does not. */
export function headersOf(
  parameters: Parameter[],
  world: World,
): fc.Arbitrary<Record<string, string>> {
  const token = fc.constantFrom(...world.tokens);
  const authorization = fc.oneof(
    { weight: 30, arbitrary: token.map((one) => `Bearer ${one}`) },
    { weight: 1, arbitrary: token.map((one) => `Bearer ${one.slice(0, -3)}`) },
    { weight: 1, arbitrary: token.map((one) => `Basic ${one}`) },
    { weight: 1, arbitrary: headerText },
  );
  const described = parameters.map(({ name, required }) => {
    const value =
      name.toLowerCase() === 'if-match'
        ? fc.oneof(
            { weight: 5, arbitrary: fc.constantFrom('"1"', '"2"') },
            fc.constantFrom('"0"', '*', 'W/"1"', '1'),
          )
        : headerText;
    return fc.oneof(
      { weight: required ? 1 : 10, arbitrary: fc.constant({}) },
      { weight: 10, arbitrary: value.map((one) => ({ [name]: one })) },
    );
  });
  const more = fc.oneof(
    { weight: 10, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_HEADERS) },
  );
  return fc
    .tuple(authorization, more, ...described)
    .map(([given, odd, ...rest]) => Object.assign({ authorization: given }, odd, ...rest));
}

const ODD_HEADERS: Record<string, string>[] = [
  { accept: 'text/html' },
  { accept: 'application/xml;q=0' },
  { 'accept-encoding': 'gzip, br' },
  { origin: 'https://elsewhere.example' },
  { 'x-forwarded-for': '::1' },
  { 'x-http-method-override': 'DELETE' },
  { traceparent: '00-zz-zz-01' },
  { range: 'bytes=0-1' },
  { 'if-none-match': '*' },
  { 'content-language': 'x'.repeat(3_000) },
];

const headerText = fc.string({ unit: 'grapheme-ascii', maxLength: 90 }).map((text) => text.trim());
