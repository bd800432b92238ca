import { conversationChannel } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import type { HistoryPublication } from '@rov/realtime/server';
import { afterAll } from 'vitest';

import { openOwnConnections } from '../../../core/db/own-connections.ts';
import { deliveryHealth } from '../../../core/outbox/health.ts';
import { allShards } from '../../../core/outbox/shards.ts';
import { createCircuit } from '../../../worker/circuit.ts';
import { createDrain, DeliveryHeld } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';
import { createMetrics } from '../../../worker/metrics.ts';
import { startTestCentrifugo } from '../../harness/centrifugo.ts';
import { hear } from '../../harness/described-events.ts';
import { startFaultyCentrifugo } from '../../harness/faulty-centrifugo.ts';
import { databaseForFile, sharedServers } from '../../harness/in-file.ts';

/** A drain as the worker wires it, on a real Postgres and a real Centrifugo with a place for faults in between. */
export async function drainOnRealParts() {
  const database = await databaseForFile();
  const centrifugo = await startTestCentrifugo(sharedServers());
  const between = await startFaultyCentrifugo(centrifugo);
  const direct = createCentrifugeServerClient({ url: centrifugo.url, apiKey: centrifugo.apiKey });
  const closing: (() => Promise<unknown>)[] = [
    () => direct.close(),
    () => between.close(),
    () => centrifugo.stop(),
  ];
  afterAll(async () => {
    for (const close of closing) await close();
  });

  /** Each is what one worker has: connections, a client and a circuit of its own. */
  const worker = (
    name: string,
    parts: Partial<DrainParts> & { apiKey?: string; url?: string } = {},
  ): { drain: Drain } => {
    const own = openOwnConnections({ url: database.url, applicationName: name });
    const client = createCentrifugeServerClient({
      url: parts.url ?? between.url,
      apiKey: parts.apiKey ?? centrifugo.apiKey,
    });
    closing.unshift(() => Promise.all([client.close(), own.close()]));
    const drain = createDrain({
      connections: own,
      centrifugo: client,
      circuit: createCircuit({ firstMs: 1, longestMs: 1 }),
      metrics: createMetrics(() => deliveryHealth(database.sql)),
      worker: name,
      ...parts,
    });
    return { drain };
  };

  return {
    sql: database.sql,
    centrifugo,
    between,
    /** To Centrifugo, past the place for faults. */
    direct,
    worker,
    /** What `conversation:{id}` keeps, the oldest first: what a subscriber got, in that order. */
    async heard(conversationId: string): Promise<readonly HistoryPublication[]> {
      const channel = conversationChannel(conversationId);
      const { publications } = await direct.history({ channel, limit: -1 });
      for (const { data } of publications) hear(channel, data);
      return publications;
    },
    async waiting(): Promise<number> {
      const [row] = await database.sql`SELECT count(*)::int AS count FROM outbox`;
      return row!['count'] as number;
    },
    async shardOf(conversationId: string): Promise<number> {
      const [row] =
        await database.sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
      return row!['shard'] as number;
    },
  };
}

/** Drains every shard until nothing waits; settling a page may write rows of its own. */
export async function drainAll(drain: Drain): Promise<void> {
  for (let round = 0; round < 3; round += 1) for (const shard of allShards) await drain(shard);
}

/** The reason why a drain was held. */
export async function heldBy(draining: Promise<unknown>): Promise<DeliveryHeld> {
  try {
    await draining;
  } catch (error) {
    if (error instanceof DeliveryHeld) return error;
    throw error;
  }
  throw new Error('the drain was not held');
}
