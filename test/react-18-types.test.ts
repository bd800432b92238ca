import { join } from 'node:path';

import { expect, test } from 'vitest';

import { complaints, ROOT } from './documents/compile.ts';

const TYPES = join(ROOT, 'node_modules', 'types-react-18');
const paths = {
  react: [join(TYPES, 'index.d.ts')],
  'react/jsx-runtime': [join(TYPES, 'jsx-runtime.d.ts')],
};

test('the hooks and an app that uses them compile with the types of React 18', async () => {
  const app = `
    import { RealtimeProvider, useMessages } from '@rov/realtime/react';
    import type { ReactElement } from 'react';
    const Log = (): ReactElement => <p>{useMessages('c1').data.length}</p>;
    export const App = (): ReactElement => <RealtimeProvider userId="ann"><Log /></RealtimeProvider>;`;
  const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  expect(await complaints({ 'app.tsx': app }, { paths, ...strictest })).toBe('');
});

test('which know nothing of what only React 19 has', async () => {
  const app = "import { use } from 'react';\nexport { use };";
  expect(await complaints({ 'app.tsx': app }, { paths })).toContain('TS2305');
});
