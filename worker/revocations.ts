import { unsubscribeAgain } from '../core/chat/unsubscribe-again.ts';
import type { Sql } from '../core/db/database.ts';

const USERS_A_ROUND = 500;

/** One round: unsubscribes those once more whose tokens from before have run out, and rings for their shards. */
export async function endRevocations(parts: {
  sql: Sql;
  ring: (shard: number) => void;
}): Promise<void> {
  for (const shard of await unsubscribeAgain(parts.sql, USERS_A_ROUND)) parts.ring(shard);
}
