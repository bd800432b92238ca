import { Sync } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

const Synced = Sync.pick({
  epoch: true,
  limited: true,
  conversations: true,
  removed: true,
  presence: true,
}).extend({ xmin: z.string(), me: Sync.shape.me.omit({ profile: true }) });

/** What changed for a user; `xmin` is where the next sync begins. */
export type Synced = z.infer<typeof Synced>;

/**
 * What changed for a user since `since`, the `xmin` of an earlier sync of the same delivery epoch, or what there is.
 * Where there is more than `limit` conversations of it, `limited` says so.
 */
export async function sync(
  sql: Sql,
  asked: { userId: string; since: string | null; limit: number },
): Promise<Synced> {
  const rows = await sql`
    SELECT sync(${asked.userId}, ${asked.since}::text::xid8, ${asked.limit}) AS answer`;
  return answerOf(Synced, rows);
}
