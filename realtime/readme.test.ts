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

test('every hook is in the table of the README, and has one example of its own', async () => {
  const read = async (name: string) => await readFile(new URL(name, import.meta.url), 'utf8');
  const hooks = (await read('react/index.ts')).matchAll(/export \{ (use\w+) \} from '\.\/(.*)'/g);
  const readme = await read('README.md');
  const found = Array.from(hooks, ([, hook = '', file = '']) => ({ hook, file }));
  expect(found.length).toBeGreaterThan(10);
  for (const { hook, file } of found) {
    expect(readme).toContain(`\n| \`${hook}(`);
    expect((await read(`react/${file}`)).split('@example')).toHaveLength(2);
  }
});
