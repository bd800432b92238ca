import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { runCheckSteps } from './check-steps.ts';

async function check(scripts: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'rov-check-'));
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await writeFile(join(root, 'package.json'), JSON.stringify({ scripts }));
    const tally = await runCheckSteps(root);
    return { tally, printed: log.mock.calls.flat().join('\n') };
  } finally {
    log.mockRestore();
    await rm(root, { recursive: true });
  }
}

test('every check:… script is a step, and only those', async () => {
  const { tally, printed } = await check({
    'check:one': 'true',
    'check:two': 'true',
    three: 'false',
  });
  expect(tally).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(printed).toMatch(/^ok {3}one +\d+\.\d s$/m);
});

test('a step that fails shows its output, one that passes does not', async () => {
  const { tally, printed } = await check({
    'check:one': 'echo all is well',
    'check:two': 'echo this is wrong >&2; exit 3',
  });
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(printed).toMatch(/^FAIL two .*\nthis is wrong$/m);
  expect(printed).not.toContain('all is well');
});

test('walls around nothing are a failure', async () => {
  const { tally } = await check({
    'check:walls': "echo '✔ no violations found (0 modules, 0 dependencies cruised)'",
  });
  expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('no step at all is a failure', async () => {
  expect((await check({})).tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
