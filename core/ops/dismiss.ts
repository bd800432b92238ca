import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import type { OnProgress } from './chunks.ts';
import { deedParameter } from './deed.ts';
import type { Deed } from './deed.ts';
import { findLetters } from './find-letters.ts';
import type { LetterFilter } from './find-letters.ts';
import { tryAgain } from './try-again.ts';

const Answer = z.object({ letters: z.int() });

/** `closed` had been dealt with before, `unknown` are numbers of no dead letter. */
export type Dismissed = { letters: number; closed: number; unknown: number[] };

/** Closes open dead letters and tells nobody (dismiss.sql). */
export async function dismiss(
  sql: Sql,
  what: { filter: LetterFilter; deed: Deed; onProgress?: OnProgress | undefined },
): Promise<Dismissed> {
  const { chunks, open, closed, unknown } = await findLetters(sql, what.filter);
  const deed = deedParameter(sql, what.deed, what.filter);
  let letters = 0;
  for (const chunk of chunks) {
    const rows = await tryAgain(
      () => sql`SELECT dismiss_letters(${deed}, ${sql.json(chunk)}) AS answer`,
    );
    letters += answerOf(Answer, rows).letters;
    what.onProgress?.(letters, open);
  }
  return { letters, closed: closed + open - letters, unknown };
}
