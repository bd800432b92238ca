import { execFile } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';

import postgres from 'postgres';

import { centrifugoIsGiven, startTestCentrifugo } from '../test/harness/centrifugo.ts';
import { openTestRedis } from '../test/harness/redis.ts';
import type { Servers } from '../test/harness/servers.ts';

/** Where and with what something was measured. */
export type Machine = {
  processors: string;
  memoryGiB: number;
  system: string;
  /** Over the last minute, before the measuring began. */
  load: number;
  commit: string;
  versions: Record<'node' | 'postgres' | 'redis' | 'centrifugo', string>;
};

export async function describeMachine(servers: Servers, centrifugo: string): Promise<Machine> {
  const processors = cpus();
  return {
    processors: `${processors.length} x ${processors[0]?.model.trim()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    load: Math.round(loadavg()[0]! * 10) / 10,
    commit: await commit(),
    versions: {
      node: process.versions.node,
      postgres: await postgresVersion(servers.postgres),
      redis: await redisVersion(servers.redis),
      centrifugo,
    },
  };
}

/** What Centrifugo calls itself, and whether it is a real one that can reach Postgres by the URL that we have. */
export async function askCentrifugo(ledger: string): Promise<{ version: string; isReal: boolean }> {
  const centrifugo = await startTestCentrifugo({ ledger });
  try {
    const answer = await fetch(`${centrifugo.url}/api/info`, {
      method: 'POST',
      headers: { 'x-api-key': centrifugo.apiKey },
      body: '{}',
    });
    const { result } = (await answer.json()) as { result: { nodes: { version: string }[] } };
    const version = result.nodes[0]?.version ?? 'unknown';
    const isOurs = centrifugoIsGiven || centrifugo.tier.startsWith('container');
    return { version, isReal: !version.includes('STANDIN') && !isOurs };
  } finally {
    await centrifugo.stop();
  }
}

async function postgresVersion(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql`SHOW server_version`;
    return String(row?.['server_version']);
  } finally {
    await sql.end();
  }
}

async function redisVersion(url: string): Promise<string> {
  const redis = openTestRedis(url);
  try {
    const about = await redis.client.info('server');
    const version = (name: string) => new RegExp(`^${name}_version:(.+)$`, 'm').exec(about)?.[1];
    const valkey = version('valkey');
    return (valkey ? `Valkey ${valkey}` : (version('redis') ?? 'unknown')).trim();
  } finally {
    await redis.release();
  }
}

async function commit(): Promise<string> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim();
  try {
    const changed = await git('status', '--porcelain');
    return `${await git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
