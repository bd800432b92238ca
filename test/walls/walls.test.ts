import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { runStep } from '../../scripts/run-step.ts';
import { LEGAL_TREE } from './legal-tree.ts';
import { plantTree, ROOT } from './planted-tree.ts';
import type { Files } from './planted-tree.ts';
import { VIOLATIONS } from './violations.ts';

interface Cruise {
  modules: string[];
  /** Names of the walls that fired, by the file in which the forbidden import stands. */
  fired: Map<string, Set<string>>;
}

/** The same command as `npm run check:walls`, with figures instead of prose. */
async function cruise(cwd: string): Promise<Cruise> {
  const { output } = await runStep(
    ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'],
    { cwd },
  );
  const { modules, summary } = JSON.parse(output);
  const fired = new Map<string, Set<string>>();
  for (const { from, rule } of summary.violations) {
    fired.set(from, (fired.get(from) ?? new Set()).add(rule.name));
  }
  return { modules: modules.map((module: { source: string }) => module.source), fired };
}

async function cruiseTree(files: Files): Promise<Cruise> {
  await using tree = await plantTree(files);
  return await cruise(tree.root);
}

let legal: Cruise;
let planted: Cruise;
let present: Cruise;

beforeAll(async () => {
  const violating = Object.assign({}, ...VIOLATIONS.map((violation) => violation.files));
  [legal, planted, present] = await Promise.all([
    cruiseTree(LEGAL_TREE),
    cruiseTree({ ...LEGAL_TREE, ...violating }),
    cruise(ROOT),
  ]);
}, 60_000);

describe('a wall fires, and no other, when', () => {
  test.for(VIOLATIONS)('$what: $wall', ({ wall, files }) => {
    const fired = Object.keys(files).flatMap((path) => Array.from(planted.fired.get(path) ?? []));
    expect(new Set(fired)).toEqual(new Set([wall]));
  });
});

test('no wall fires for the imports that the layout wants', () => {
  expect(legal.fired).toEqual(new Map());
  expect(legal.modules).toEqual(expect.arrayContaining(['api/main.ts', 'realtime/react/index.ts']));
});

test('a violation is charged to the file that commits it, not to those around it', () => {
  const guilty = new Set(VIOLATIONS.flatMap((violation) => Object.keys(violation.files)));
  expect([...planted.fired.keys()].filter((path) => !guilty.has(path))).toEqual([]);
});

test('the present tree is read, TypeScript included, and keeps to the walls', () => {
  expect(present.modules).toEqual(expect.arrayContaining(['realtime/contract/channels.ts']));
  expect(present.fired).toEqual(new Map());
});

test('every wall has a planted violation and says what it means when it fires', async () => {
  const { default: config } = await import(join(ROOT, '.dependency-cruiser.mjs'));
  const rules: { name: string; comment: string }[] = config.forbidden;
  const names = rules.map((rule) => rule.name);
  expect(new Set(VIOLATIONS.map((violation) => violation.wall))).toEqual(new Set(names));
  for (const rule of rules) expect(rule.comment).toMatch(/^[A-Za-z].{40,}[.)]$/);
});
