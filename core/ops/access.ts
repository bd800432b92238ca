import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';

export type AccessAction = 'ban' | 'unban' | 'sign-out';

const Answer = z.object({ users: z.int(), changed: z.int(), shard: z.int().nullable() });

/** How many such users there are, and how many were not so before. */
export type ChangedAccess = Pick<z.infer<typeof Answer>, 'users' | 'changed'>;

/**
 * Bans a user, lets them in again, or signs them out everywhere. A ban and a sign-out end all of their connections; a
 * sign-out has them sign in again, a ban keeps them out.
 */
export async function changeAccess(
  sql: Sql,
  what: { userId: string; action: AccessAction; deed: Deed; ring: (shard: number) => void },
): Promise<ChangedAccess> {
  const { userId, action } = what;
  const deed = deedParameter(sql, what.deed, { userId });
  const rows = await sql`SELECT change_access(${deed}, ${userId}, ${action}) AS answer`;
  const { shard, ...changed } = answerOf(Answer, rows);
  if (shard !== null) what.ring(shard);
  return changed;
}
