import { readFile } from 'node:fs/promises';

import type postgres from 'postgres';

export type Variant =
  | 'membership-before-lock'
  | 'numbers-without-lock'
  | 'numbers-before-turn'
  | 'owners-before-lock'
  | 'reactions-before-lock'
  | 'edit-before-lock'
  | 'numbered-refusal';

/** Puts a variant that is wrong on purpose in the place of a function of ours, in the test's own database. */
export async function install(sql: postgres.Sql, variant: Variant): Promise<void> {
  for (const name of ['write-message', variant]) {
    await sql.unsafe(await readFile(new URL(`${name}.sql`, import.meta.url), 'utf8')).simple();
  }
}
