import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** Unsubscribes once more whoever lost a conversation so long ago that no token from before is good: the shards to ring for. */
export async function unsubscribeAgain(sql: Sql, limit: number): Promise<number[]> {
  return answerOf(z.array(z.int()), await sql`SELECT unsubscribe_again(${limit}) AS answer`);
}
