import type { TestProject } from 'vitest/node';

import { startServers } from './servers.ts';
import type { RunningServers } from './servers.ts';
import { keepWrittenEvents } from './written-events.ts';

/** Each project evaluates this module for itself; what they share must lie where all of them look. */
const SHARED = Symbol.for('rov.test-servers');

type Shared = { users: number; running: Promise<RunningServers> };
const home = globalThis as typeof globalThis & { [SHARED]?: Shared };

/** Starts Postgres and Redis once for the whole run, whichever projects take part in it. */
export async function setup(project: TestProject): Promise<void> {
  home[SHARED] ??= { users: 0, running: start() };
  home[SHARED].users += 1;
  project.provide('servers', (await home[SHARED].running).servers);
}

async function start(): Promise<RunningServers> {
  const running = await startServers((line) => console.log(`  ${line}`));
  await keepWrittenEvents(running.servers);
  return running;
}

export async function teardown(): Promise<void> {
  const shared = home[SHARED];
  if (!shared) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  delete home[SHARED];
  const left = await (await shared.running).stop();
  if (left.length > 0) throw new Error(`tests left processes running: ${left.join(', ')}`);
}
