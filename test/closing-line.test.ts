import { mkdtemp, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { runStep } from '../scripts/run-step.ts';

const ROOT = join(import.meta.dirname, '..');

interface Run {
  what: string;
  files: Record<string, string>;
  args?: string[];
  /** A set-up for the config's `test`, as source text. */
  config?: string;
  line: string;
  code: number;
}

const good = "import { test } from 'vitest';\ntest('a', () => {});\ntest('b', () => {});\n";
const bad = "import { test } from 'vitest';\ntest('c', () => { throw new Error('wrong'); });\n";

const RUNS: Run[] = [
  {
    what: 'everything passed',
    files: { 'a.test.ts': good },
    line: '2 passed, 0 failed, 0 skipped',
    code: 0,
  },
  {
    what: 'a test failed, one was skipped and one is still to be written',
    files: {
      'a.test.ts': `${good}test.skip('d', () => {});\ntest.todo('e');\n`,
      'b.test.ts': bad,
    },
    line: '2 passed, 1 failed, 2 skipped',
    code: 1,
  },
  {
    what: 'a file could not be loaded',
    files: { 'a.test.ts': good, 'b.test.ts': "import './gone.ts';\n" },
    line: '2 passed, 1 failed, 0 skipped',
    code: 1,
  },
  {
    what: 'a hook failed before any test',
    files: {
      'a.test.ts': `${good}import { beforeAll } from 'vitest';\nbeforeAll(() => { throw new Error('no'); });\n`,
    },
    line: '0 passed, 1 failed, 2 skipped',
    code: 1,
  },
  {
    what: 'nobody caught an error',
    files: { 'a.test.ts': `${good}void Promise.reject(new Error('late'));\n` },
    line: '2 passed, 1 failed, 0 skipped',
    code: 1,
  },
  {
    what: 'the global set-up failed',
    files: {
      'a.test.ts': good,
      'setup.ts': "export default () => { throw new Error('no server'); };\n",
    },
    config: "globalSetup: ['./setup.ts']",
    line: '0 passed, 1 failed, 0 skipped',
    code: 1,
  },
  {
    what: 'the filter matched no file',
    files: { 'a.test.ts': good },
    args: ['nothing-like-this'],
    line: '0 passed, 1 failed, 0 skipped',
    code: 1,
  },
  {
    what: 'a test ended the process',
    files: { 'a.test.ts': `${good}test('f', () => { process.exit(3); });\n` },
    line: '2 passed, 1 failed, 0 skipped',
    code: 1,
  },
];

/** A vitest of its own over the given files, with this repository's reporter as the last one. */
async function runVitest(
  { files, args = [], config = '' }: Run,
  { signal, env = {} }: { signal: AbortSignal; env?: Record<string, string> },
) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'rov-closing-')));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const reporter = JSON.stringify(join(ROOT, 'test', 'closing-line.ts'));
    const all = {
      ...files,
      'vitest.config.ts': `export default { test: { reporters: ['default', ${reporter}], ${config} } };\n`,
    };
    for (const [path, text] of Object.entries(all)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    // Both streams share one pipe, as in a terminal: only so does `last` mean something.
    return await runStep(
      ['sh', '-c', 'exec vitest run --pool threads --maxWorkers 1 "$@" 2>&1', 'vitest', ...args],
      { cwd: folder, env: { TALLY_FILE: '', ...env }, signal },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the last line tells the truth when', { timeout: 60_000 }, () => {
  test.for(RUNS)('$what', async (run, { signal }) => {
    const { code, output } = await runVitest(run, { signal });
    expect(output.trimEnd().split('\n').at(-1)).toBe(run.line);
    expect(code).toBe(run.code);
  });
});

test('with TALLY_FILE the figures go into the file and no line is printed', async ({ signal }) => {
  const folder = await mkdtemp(join(tmpdir(), 'rov-tally-'));
  const file = join(folder, 'tally.json');
  const { output } = await runVitest(RUNS[0]!, { signal, env: { TALLY_FILE: file } });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(output).not.toContain('2 passed, 0 failed');
  await rm(folder, { recursive: true });
}, 60_000);
