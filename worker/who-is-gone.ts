import { chatChannel } from '@rov/realtime';
import { CentrifugoTransportError, type CentrifugeServerClient } from '@rov/realtime/server';

import type { Sql } from '../core/db/database.ts';
import {
  lapsedPresence,
  lapsePresence,
  PRESENCE_TIMES,
  type PresenceTimes,
} from '../core/presence/presence.ts';

const USERS_A_ROUND = 200;

/** Without Centrifugo's word a user is gone only after this. */
const BEYOND_DOUBT_MS = 5 * 60_000;

/**
 * What the end of the last lease means, with Centrifugo as second witness: `connections` is how many it
 * sees on the user's own channel, null when it could not say. Not knowing never means offline.
 */
export function whatBecameOf(user: {
  lapsedMs: number;
  connections: number | null;
}): 'away' | 'offline' {
  if (user.connections === 0) return 'offline';
  if (user.connections === null && user.lapsedMs >= BEYOND_DOUBT_MS) return 'offline';
  return 'away';
}

/** One round: announces those whose leases ended, and rings for their shards. */
export async function sweepPresence(parts: {
  sql: Sql;
  centrifugo: Pick<CentrifugeServerClient, 'batch'>;
  ring: (shard: number) => void;
  times?: PresenceTimes;
}): Promise<void> {
  const { leaseMs, quietMs } = parts.times ?? PRESENCE_TIMES;
  const lapsed = await lapsedPresence(parts.sql, { leaseMs, limit: USERS_A_ROUND });
  if (lapsed.length === 0) return;
  const connections = await countConnections(
    parts.centrifugo,
    lapsed.map(({ userId }) => userId),
  );
  for (const { userId, lapsedMs } of lapsed) {
    const status = whatBecameOf({ lapsedMs, connections: connections.get(userId) ?? null });
    const shard = await lapsePresence(parts.sql, { userId, status, quietMs });
    if (shard !== null) parts.ring(shard);
  }
}

/** By user; whoever Centrifugo could not answer for is missing. */
async function countConnections(
  centrifugo: Pick<CentrifugeServerClient, 'batch'>,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  try {
    const outcomes = await centrifugo.batch(
      userIds.map((userId) => ({
        method: 'presenceStats' as const,
        channel: chatChannel(userId),
      })),
      { signal: AbortSignal.timeout(2_000) },
    );
    return new Map(
      outcomes.flatMap((outcome, index) => {
        const userId = userIds[index];
        return outcome.ok && userId !== undefined ? [[userId, outcome.result.numClients]] : [];
      }),
    );
  } catch (error) {
    if (error instanceof CentrifugoTransportError) return new Map();
    throw error;
  }
}
