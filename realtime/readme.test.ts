import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

test.each([
  ['client/realtime-error.ts', 'RealtimeErrorCode'],
  ['server/transport-error.ts', 'CentrifugoTransportErrorCode'],
])('the README lists every code of %s', async (file, type) => {
  const source = await readFile(new URL(file, import.meta.url), 'utf8');
  const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
  const union = source.slice(source.indexOf(`type ${type} =`)).split(';')[0] ?? '';
  const codes = Array.from(union.matchAll(/'(\w+)'/g), ([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
});
