import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Answer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('signed_out'), shard: z.int() }),
  z.object({ outcome: z.literal('unknown_user') }),
]);

/** Signs a user out everywhere: ends their connections, and refuses the tokens that were issued until now. */
export async function signOut(sql: Sql, userId: string): Promise<z.infer<typeof Answer>> {
  return answerOf(Answer, await sql`SELECT sign_out(${userId}) AS answer`);
}
