import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/open-sql.ts';

/** Announces once more what is due (announce-again.sql); resolves to how many conversations and users. */
export async function announceAgain(sql: Sql): Promise<number> {
  return answerOf(z.int(), await sql`SELECT announce_again() AS answer`);
}
