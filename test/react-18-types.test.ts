import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const TYPES = join(ROOT, 'node_modules', 'types-react-18');
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(ROOT, 'node_modules', '.react-18-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What the compiler says of a file, where `react` has the types of React 18. */
async function complaints(source: string): Promise<string> {
  await writeFile(join(folder, 'app.tsx'), source);
  const compilerOptions = {
    jsx: 'react-jsx',
    paths: {
      react: [join(TYPES, 'index.d.ts')],
      'react/jsx-runtime': [join(TYPES, 'jsx-runtime.d.ts')],
    },
  };
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: [] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, files: ['app.tsx'] }));
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  return await run(tsc, ['-p', folder]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test('the hooks and an app that uses them compile with the types of React 18', async () => {
  const app = `
    import { RealtimeProvider, useMessages } from '@rov/realtime/react';
    import type { ReactElement } from 'react';
    const Log = (): ReactElement => <p>{useMessages('c1').data.length}</p>;
    export const App = (): ReactElement => <RealtimeProvider userId="ann"><Log /></RealtimeProvider>;`;
  expect(await complaints(app)).toBe('');
});

test('which know nothing of what only React 19 has', async () => {
  expect(await complaints("import { use } from 'react';\nexport { use };")).toContain('TS2305');
});
