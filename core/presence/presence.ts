import { Presence, PresenceStatus } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/** How often a session beats, how long it is good without a beat, and after it said goodbye. */
export type PresenceTimes = { beatMs: number; leaseMs: number; graceMs: number };

export const PRESENCE_TIMES: PresenceTimes = { beatMs: 25_000, leaseMs: 90_000, graceMs: 20_000 };

const Touched = z.object({ status: PresenceStatus, shard: z.int().nullable() });

/** A heartbeat. `shard` is the doorbell to ring, null when the user's status stayed the same. */
export async function touchPresence(
  sql: Sql,
  beat: { userId: string; sessionId: string; state: 'active' | 'idle'; leaseMs: number },
): Promise<z.infer<typeof Touched>> {
  const rows = await sql`
    SELECT touch_presence(${beat.userId}, ${beat.sessionId}, ${beat.state}, ${beat.leaseMs}) AS answer`;
  return answerOf(Touched, rows);
}

/** A session's goodbye: it counts for `graceMs` more, so that a reload does not flicker. */
export async function endPresence(
  sql: Sql,
  goodbye: { userId: string; sessionId: string; graceMs: number },
): Promise<void> {
  await sql`SELECT end_presence(${goodbye.userId}, ${goodbye.sessionId}, ${goodbye.graceMs})`;
}

/** The presence of those of `userIds` whom the asker may see: connections, and oneself. */
export async function presenceOf(
  sql: Sql,
  asked: { userId: string; userIds: string[] },
): Promise<Presence[]> {
  const rows = await sql`
    SELECT presence_json(id) AS presence FROM users
    WHERE id IN (SELECT jsonb_array_elements_text(${sql.json(asked.userIds)})) AND (
      id = ${asked.userId}
      OR EXISTS (SELECT FROM contacts WHERE user_id = ${asked.userId} AND contact_id = users.id))
    ORDER BY id`;
  return z
    .array(z.object({ presence: Presence }))
    .parse(rows)
    .map((row) => row.presence);
}

const Lapsed = z.array(z.object({ userId: z.string(), lapsedMs: z.number() }));

/** Who is said to be there although no session of theirs is good any more. */
export async function lapsedPresence(
  sql: Sql,
  asked: { leaseMs: number; limit: number },
): Promise<z.infer<typeof Lapsed>> {
  const rows = await sql`SELECT lapsed_presence(${asked.leaseMs}, ${asked.limit}) AS answer`;
  return answerOf(Lapsed, rows);
}

/** Writes what the sweep found, unless a session came back meanwhile; answers as `touchPresence`. */
export async function lapsePresence(
  sql: Sql,
  found: { userId: string; status: 'away' | 'offline' },
): Promise<number | null> {
  const rows = await sql`SELECT lapse_presence(${found.userId}, ${found.status}) AS answer`;
  return answerOf(z.int().nullable(), rows);
}
