import { afterAll, inject, onTestFinished } from 'vitest';

import { createEmptyDatabase, createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { startOwnPostgres, startOwnRedis } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { takeDoorsLeft } from './processes.ts';
import type { Servers } from './servers.ts';
import { startStack } from './stack.ts';
import type { Stack, StackOptions } from './stack.ts';
import { keepWrittenEvents, writtenFaults } from './written-events.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: Servers;
  }
}

const TAKE_DOWN_MS = 30_000;

/** What the global set-up has started. */
export function sharedServers(): Servers {
  return inject('servers');
}

/** A migrated database that is deleted after the file. */
export async function databaseForFile(): Promise<TestDatabase> {
  const database = await createTestDatabase(sharedServers());
  afterAll(async () => {
    const faults = await writtenFaults(database.sql);
    await database.drop();
    expectNone(faults);
  });
  return database;
}

/** A database without tables that is deleted after the file. */
export async function emptyDatabaseForFile(): Promise<TestDatabase> {
  const database = await createEmptyDatabase(sharedServers().postgres);
  afterAll(() => database.drop());
  return database;
}

/** The whole back end, taken down after the file, which fails when a process of it is left running. */
export async function stackForFile(options?: StackOptions): Promise<Stack> {
  const stack = await startStack(sharedServers(), options);
  afterAll(() => takeDown(stack), TAKE_DOWN_MS);
  return stack;
}

/** The same for a single test; to be called inside of it. */
export async function stackForTest({
  servers = sharedServers(),
  ...options
}: StackOptions & { servers?: Servers } = {}): Promise<Stack> {
  const stack = await startStack(servers, options);
  onTestFinished(() => takeDown(stack), TAKE_DOWN_MS);
  return stack;
}

/** A Redis that this test alone uses. */
export async function ownRedisForTest(): Promise<OwnServer> {
  const redis = await startOwnRedis(sharedServers().ledger);
  onTestFinished(() => redis.stop(), TAKE_DOWN_MS);
  return redis;
}

/** A Postgres that this test alone uses, and the run's servers with it in the place of theirs. */
export async function ownPostgresForTest(): Promise<{ server: OwnServer; servers: Servers }> {
  const own = await startOwnPostgres(sharedServers());
  onTestFinished(() => own.server.stop(), TAKE_DOWN_MS);
  await keepWrittenEvents(own.servers);
  return own;
}

async function takeDown(stack: Stack): Promise<void> {
  let faults: string[] = [];
  try {
    faults = await stack.undescribed();
  } finally {
    await stack.stop();
  }
  const left = takeDoorsLeft();
  if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`);
  expectNone(faults);
}

function expectNone(undescribed: string[]): void {
  if (undescribed.length === 0) return;
  throw new Error(`api/asyncapi.json does not describe: ${undescribed.slice(0, 10).join('; ')}`);
}
