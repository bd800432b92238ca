import type { Sql } from '../core/db/database.ts';
import { announceWaitingPresence } from '../core/presence/presence.ts';

const USERS_A_ROUND = 500;

/** One round: announces the changes of presence that had to wait for a while after another, and rings for their shards. */
export async function tellPresenceNews(parts: {
  sql: Sql;
  ring: (shard: number) => void;
}): Promise<void> {
  for (const shard of await announceWaitingPresence(parts.sql, USERS_A_ROUND)) parts.ring(shard);
}
