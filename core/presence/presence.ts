import { ChosenStatus, Presence, PresenceStatus } from '@rov/realtime';
import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';

/**
 * How often a session beats, how long it is good without a beat, and after it said goodbye; and how long after an
 * announcement the next one of the same user comes at the earliest.
 */
export type PresenceTimes = { beatMs: number; leaseMs: number; graceMs: number; quietMs: number };

export const PRESENCE_TIMES: PresenceTimes = {
  beatMs: 25_000,
  leaseMs: 90_000,
  graceMs: 20_000,
  quietMs: 5_000,
};

/** `status` is what others see. `shard` is the doorbell to ring, null when nothing is to be delivered at once. */
const Answer = z.object({
  status: PresenceStatus,
  chosen: ChosenStatus,
  shard: z.int().nullable(),
});

/** A heartbeat. */
export async function touchPresence(
  sql: Sql,
  beat: {
    userId: string;
    sessionId: string;
    state: 'active' | 'idle';
    leaseMs: number;
    quietMs: number;
  },
): Promise<z.infer<typeof Answer>> {
  const rows = await sql`
    SELECT touch_presence(${beat.userId}, ${beat.sessionId}, ${beat.state}, ${beat.leaseMs}, ${beat.quietMs})
      AS answer`;
  return answerOf(Answer, rows);
}

/** What a user wants others to see, until they choose again. */
export async function choosePresence(
  sql: Sql,
  choice: { userId: string; chosen: ChosenStatus; quietMs: number },
): Promise<z.infer<typeof Answer>> {
  const rows = await sql`
    SELECT choose_presence(${choice.userId}, ${choice.chosen}, ${choice.quietMs}) AS answer`;
  return answerOf(Answer, rows);
}

/** Announces what became of users whose changes came too soon after another one: the shards to ring for. */
export async function announceWaitingPresence(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql`SELECT announce_waiting_presence(${limit}) AS answer`;
  return answerOf(z.array(z.int()), rows);
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

/** Writes what the sweep found, unless a session came back meanwhile: the shard to ring for, or null. */
export async function lapsePresence(
  sql: Sql,
  found: { userId: string; status: 'away' | 'offline'; quietMs: number },
): Promise<number | null> {
  const rows = await sql`
    SELECT lapse_presence(${found.userId}, ${found.status}, ${found.quietMs}) AS answer`;
  return answerOf(z.int().nullable(), rows);
}
