import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import type { OnProgress } from './chunks.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { findLetters } from './find-letters.ts';
import type { LetterFilter } from './find-letters.ts';
import { tryAgain } from './try-again.ts';

const Plan = z.object({
  conversations: z.array(
    z.object({
      conversationId: z.string(),
      shard: z.int(),
      letters: z.int(),
      /** Who is in it now, and so hears the resync. */
      members: z.int(),
      /** Number of the resync, and the message from which on it says to read again; null without one. */
      ev: z.int().nullable(),
      fromSeq: z.int().nullable(),
      /** Who is made to stop listening, because they are no member any more. */
      unsubscribe: z.array(z.string()),
      /** Who is told that they are no member any more. */
      removed: z.array(z.string()),
      /** Who was to stop listening and is a member again: nothing is done about them. */
      rejoined: z.array(z.string()),
    }),
  ),
  people: z.array(
    z.object({
      userId: z.string(),
      shard: z.int(),
      letters: z.int(),
      /** Contacts who are there, and are told to ask for the user's presence again. */
      contacts: z.int(),
    }),
  ),
});

/** Who hears what of a redrive. */
export type RedrivePlan = z.infer<typeof Plan>;

const Answer = z.object({ letters: z.int(), plan: Plan });

/** `closed` had been dealt with before, `unknown` are numbers of no dead letter. */
export type Redriven = RedrivePlan & { letters: number; closed: number; unknown: number[] };

/** What `redrive` would do now. Writes nothing. */
export async function planRedrive(sql: Sql, filter: LetterFilter): Promise<Redriven> {
  const { chunks, open, closed, unknown } = await findLetters(sql, filter);
  const plan: RedrivePlan = { conversations: [], people: [] };
  for (const chunk of chunks) {
    const rows = await sql`SELECT redrive_plan(${sql.json(chunk)}) AS answer`;
    append(plan, answerOf(Plan, rows));
  }
  return { ...plan, letters: open, closed, unknown };
}

/**
 * Closes open dead letters and tells those who missed them the present state, under new numbers: the old rows are not
 * said again (redrive.sql). Each chunk is one transaction with its own record, so a redrive that was cut off is
 * finished by the same command. `ring` gets the shards in which something waits now.
 */
export async function redrive(
  sql: Sql,
  what: {
    filter: LetterFilter;
    deed: Deed;
    ring: (shard: number) => void;
    onProgress?: OnProgress | undefined;
  },
): Promise<Redriven> {
  const { chunks, open, closed, unknown } = await findLetters(sql, what.filter);
  const deed = deedParameter(sql, what.deed, what.filter);
  const done: RedrivePlan = { conversations: [], people: [] };
  let letters = 0;
  for (const chunk of chunks) {
    const rows = await tryAgain(
      () => sql`SELECT redrive_letters(${deed}, ${sql.json(chunk)}) AS answer`,
    );
    const answer = answerOf(Answer, rows);
    append(done, answer.plan);
    letters += answer.letters;
    for (const { shard } of [...answer.plan.conversations, ...answer.plan.people]) what.ring(shard);
    what.onProgress?.(letters, open);
  }
  // What somebody else closed in the meantime counts as closed before.
  return { ...done, letters, closed: closed + open - letters, unknown };
}

function append(plan: RedrivePlan, more: RedrivePlan): void {
  plan.conversations.push(...more.conversations);
  plan.people.push(...more.people);
}
