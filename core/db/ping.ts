import type { Sql } from './database.ts';

/** Resolves when Postgres answers; rejects when it does not. The deadline is the caller's. */
export async function ping(sql: Sql): Promise<void> {
  await sql`SELECT`;
}
