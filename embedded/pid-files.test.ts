import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { pidFiles } from './pid-files.ts';
import { startOfProcess } from './same-process.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rov-pids-'))));
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(folder, { recursive: true });
});

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  children.push(child);
  return child as ChildProcess & { pid: number };
}

test('what a killed run left behind is stopped, in the order given', async () => {
  const [redis, api] = [await sleeper(), await sleeper()];
  const earlier = pidFiles(folder);
  earlier.remember('redis', redis.pid);
  earlier.remember('api', api.pid);

  const said: string[] = [];
  await pidFiles(folder).stopOrphans(['api', 'redis'], (line) => said.push(line));

  expect(said).toEqual([
    `stopping api (pid ${api.pid}), left over from a run that was killed`,
    `stopping redis (pid ${redis.pid}), left over from a run that was killed`,
  ]);
  expect(startOfProcess(api.pid)).toBeNull();
  expect(startOfProcess(redis.pid)).toBeNull();
});

test('a process that got the number of a dead one is left alone', async () => {
  const stranger = await sleeper();
  const files = pidFiles(folder);
  files.remember('api', stranger.pid);
  const file = join(folder, 'api.pid.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...record, began: 'another time' }));

  await files.stopOrphans(['api'], () => expect.unreachable());

  expect(startOfProcess(stranger.pid)).not.toBeNull();
  expect(existsSync(file)).toBe(false);
});

test('a damaged pid file stops nobody', async () => {
  writeFileSync(join(folder, 'api.pid.json'), '{"pid": ');
  await pidFiles(folder).stopOrphans(['api'], () => expect.unreachable());
});
