import { expect, test } from 'vitest';

import type { Running } from './keep-running.ts';
import { runningStack } from './running-stack.ts';
import type { PartName } from './running-stack.ts';

const pids = { remember: () => {}, forget: () => {}, stopOrphans: async () => {} };
const ignore = (): void => {};

function part(name: string, ended: string[]): Running {
  const gone = Promise.withResolvers<{ code: number | null; signal: string | null }>();
  const end = async (): Promise<void> => {
    ended.push(name);
    gone.resolve({ code: 0, signal: null });
  };
  return { gone: gone.promise, stop: end, kill: end };
}

test('the stack ends from the outside in, whatever order it came up in', async () => {
  const stack = runningStack({ pids, say: ignore });
  const ended: string[] = [];
  const names: PartName[] = ['redis', 'postgres', 'worker', 'centrifugo', 'dashboard', 'api'];
  await Promise.all(names.map((name) => stack.run(name, async () => part(name, ended))));
  await stack.stop();
  expect(ended).toEqual(['dashboard', 'api', 'worker', 'centrifugo', 'redis', 'postgres']);
});

test('a part that comes up while everything is being stopped is stopped as well', async () => {
  const stack = runningStack({ pids, say: ignore });
  const ended: string[] = [];
  const { promise, resolve } = Promise.withResolvers<Running>();
  const starting = stack.run('redis', () => promise);
  await stack.stop();
  resolve(part('redis', ended));
  await starting;
  expect(ended).toEqual(['redis']);
});

test('nothing is started once the stack was told to end', async () => {
  const stack = runningStack({ pids, say: ignore });
  await stack.stop();
  await expect(stack.run('redis', async () => part('redis', []))).rejects.toThrow('being stopped');
});
