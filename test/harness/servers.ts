import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCentrifugo, startPostgres, startRedis } from '../../embedded/parts.ts';
import type { Server } from '../../embedded/server.ts';
import { createTemplate } from './database.ts';
import { endLeftovers } from './ledger.ts';

/** What every test file of a run shares. Plain values: they cross process borders. */
export type Servers = {
  /** A PostgreSQL server, as the URL of its maintenance database. */
  postgres: string;
  /** A database with all migrations done, to be cloned and never connected to. */
  template: string;
  redis: string;
  /** The folder that lists the processes which tests have started. */
  ledger: string;
};

export type RunningServers = {
  servers: Servers;
  /** Stops what this run has started and says what tests left running (nothing, one hopes). */
  stop(): Promise<string[]>;
};

/**
 * Brings up one Postgres and one Redis for a whole run, and makes sure that a Centrifugo can be started: each file
 * starts its own, and the first start may have to build one.
 */
export async function startServers(say: (line: string) => void): Promise<RunningServers> {
  const ledger = await mkdtemp(join(tmpdir(), 'rov-test-pids-'));
  const [postgres, redis, centrifugo] = await settleAll([
    startPostgres({ purpose: 'tests', say }),
    startRedis({ purpose: 'tests', say }),
    probeCentrifugo(say),
  ]);
  for (const server of [postgres, redis, centrifugo]) say(sentenceAbout(server));
  const template = await createTemplate(postgres.url);
  return {
    servers: { postgres: postgres.url, template: template.name, redis: redis.url, ledger },
    stop: async () => {
      const left = await endLeftovers(ledger);
      try {
        // Where Postgres was given by URL, nothing of ours may stay in it.
        await template.drop();
      } finally {
        await Promise.all([postgres.stop(), redis.stop()]);
        await rm(ledger, { recursive: true, force: true });
      }
      return left;
    },
  };
}

async function probeCentrifugo(say: (line: string) => void): Promise<Server> {
  const secret = 'only-to-see-whether-one-can-be-started';
  const server = await startCentrifugo({
    purpose: 'tests',
    apiKey: secret,
    hmacSecret: secret,
    allowedOrigins: [],
    say,
  });
  await server.stop();
  return server;
}

function sentenceAbout({ part, tier, why }: Server): string {
  return `${part}: ${tier}${why ? ` (${why})` : ''}`;
}

/** All of them, or none: when one cannot be had, the others are stopped again. */
async function settleAll(starting: Promise<Server>[]): Promise<[Server, Server, Server]> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const started = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  if (failed) {
    await Promise.all(started.map((server) => server.stop()));
    throw failed.reason;
  }
  return started as [Server, Server, Server];
}
