import { beforeAll, describe, expect, test } from 'vitest';

import { runStep } from '../../scripts/run-step.ts';
import { plantTree } from './planted-tree.ts';

interface Planted {
  path: string;
  text: string;
  /** The rule that must fire in this file, or null where nothing may. */
  rule: string | null;
}

const client = "import { createCentrifugeServerClient } from '@rov/realtime/server';\n";
const publish = `${client}export const send = createCentrifugeServerClient;\n`;
const tokens = "export { createTokenIssuer } from '@rov/realtime/server';\n";
const readEnv = "export const level = process.env['LOG_LEVEL'];\n";
const importEnv = "import { env } from 'node:process';\nexport const level = env['LOG_LEVEL'];\n";
const lines = (count: number) => 'export const list = [\n' + '  1,\n'.repeat(count) + '];\n';
const explained = '/* oxlint-disable max-lines -- a table, read from top to bottom */\n';
const assertion = 'export const port = (value: unknown) => value as number;\n';
const vitest = "import { vi } from 'vitest';\n";
const mocked = `${vitest}vi.mock('bullmq');\n`;
const stubbed = `${vitest}vi.stubEnv('A', 'b');\n`;
const spied = `${vitest}export const called = vi.fn<() => void>();\n`;
const promise = 'declare function work(): Promise<void>;\n';

const PLANTED: readonly Planted[] = [
  { path: 'api/a1.ts', text: publish, rule: 'no-restricted-imports' },
  { path: 'core/a2.ts', text: publish, rule: 'no-restricted-imports' },
  { path: 'dashboard/a3.ts', text: publish, rule: 'no-restricted-imports' },
  {
    path: 'api/a4.ts',
    text: "export type { CentrifugeServerClient } from '@rov/realtime/server';\n",
    rule: 'no-restricted-imports',
  },
  {
    path: 'api/a5.ts',
    text: "import * as server from '@rov/realtime/server';\nexport const all = server;\n",
    rule: 'no-restricted-imports',
  },
  { path: 'ops/a8.ts', text: publish, rule: 'no-restricted-imports' },
  { path: 'ops.ts', text: publish, rule: 'no-restricted-imports' },
  { path: 'api/tokens.ts', text: tokens, rule: null },
  { path: 'worker/publish.ts', text: publish, rule: null },
  { path: 'api/ephemeral.ts', text: publish, rule: null },
  { path: 'api/position.ts', text: publish, rule: null },
  { path: 'test/a6.ts', text: publish, rule: null },
  {
    path: 'worker/a7.ts',
    text: "export * from '../realtime/server/index.ts';\n",
    rule: 'no-restricted-imports',
  },

  { path: 'core/b1.ts', text: readEnv, rule: 'no-process-env' },
  { path: 'core/b2.ts', text: importEnv, rule: 'no-restricted-imports' },
  { path: 'worker/b3.ts', text: importEnv, rule: 'no-restricted-imports' },
  { path: 'core/config.ts', text: readEnv, rule: null },
  { path: 'embedded/b4.ts', text: readEnv, rule: null },
  { path: 'migrations/migrate.ts', text: readEnv, rule: null },

  { path: 'core/c1.ts', text: lines(260), rule: 'max-lines' },
  { path: 'core/c2.ts', text: explained + lines(260), rule: null },
  { path: 'test/c3.ts', text: lines(260), rule: null },
  { path: 'core/d1.ts', text: "console.log('listening');\n", rule: 'no-console' },
  { path: 'web/d3.ts', text: "console.log('clicked');\n", rule: 'no-console' },
  { path: 'scripts/d2.ts', text: "console.log('ok');\n", rule: null },
  { path: 'core/e1.ts', text: 'export const f = (x: any) => x === 1;\n', rule: 'no-explicit-any' },
  { path: 'core/f1.ts', text: assertion, rule: 'consistent-type-assertions' },
  { path: 'core/f2.test.ts', text: assertion, rule: null },
  { path: 'core/f3.ts', text: "export const kinds = ['a', 'b'] as const;\n", rule: null },
  {
    path: 'core/g1.ts',
    text: 'export const f = (x: string | null) => x!.length;\n',
    rule: 'no-non-null-assertion',
  },
  { path: 'core/h1.ts', text: `${promise}work();\n`, rule: 'no-floating-promises' },
  { path: 'test/h2.ts', text: `${promise}work();\n`, rule: 'no-floating-promises' },
  {
    path: 'core/i1.ts',
    text: `${promise}declare function every(call: () => void): void;\nevery(async () => await work());\n`,
    rule: 'no-misused-promises',
  },
  {
    path: 'core/j1.ts',
    text: "import { Agent } from 'node:http';\nexport let agent: Agent | undefined;\n",
    rule: 'consistent-type-imports',
  },
  { path: 'core/k1.ts', text: 'export default 1;\n', rule: 'no-default-export' },
  { path: 'test/journeys/l1.ts', text: mocked, rule: 'no-restricted-vi-methods' },
  { path: 'test/integration/api/l2.ts', text: stubbed, rule: 'no-restricted-vi-methods' },
  { path: 'test/reliability/l3.ts', text: spied, rule: null },
  { path: 'worker/l4.test.ts', text: mocked, rule: null },
  { path: 'core/ChatStore.ts', text: 'export const a = 1;\n', rule: 'filename-case' },
];

/** The stubs of the planted tree have no types of Node: what the plants use stands in node.d.ts. */
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: [],
    noEmit: true,
    strict: true,
    allowImportingTsExtensions: true,
  },
  include: ['.'],
});

const NODE_TYPES = `
interface Env { [name: string]: string | undefined }
declare const console: { log(text: string): void };
declare const process: { env: Env };
declare module 'node:process' { export const env: Env; }
declare module 'vitest' {
  export const vi: {
    mock(path: string): void;
    stubEnv(name: string, value: string): void;
    fn<T>(): T;
  };
}
declare module 'node:http' { export class Agent { name: string; } }
`;

const found = new Map<string, string[]>();

beforeAll(async () => {
  const files = Object.fromEntries(PLANTED.map(({ path, text }) => [path, text]));
  await using tree = await plantTree({
    ...files,
    'tsconfig.json': TSCONFIG,
    'node.d.ts': NODE_TYPES,
    'realtime/server/index.ts':
      'export interface CentrifugeServerClient {\n  a: 1;\n}\n' +
      'export const createCentrifugeServerClient = 1;\nexport const createTokenIssuer = 1;\n',
  });
  const { output } = await runStep(['oxlint', '--format', 'json'], { cwd: tree.root });
  for (const { filename, code } of JSON.parse(output).diagnostics) {
    found.set(filename, [...(found.get(filename) ?? []), code]);
  }
}, 60_000);

describe('the linter', () => {
  test.for(PLANTED.filter(({ rule }) => rule !== null))('refuses $path: $rule', (planted) => {
    expect(found.get(planted.path)).toEqual([expect.stringContaining(`(${planted.rule})`)]);
  });

  test.for(PLANTED.filter(({ rule }) => rule === null))('lets $path through', ({ path }) => {
    expect(found.get(path)).toBeUndefined();
  });
});
