import * as z from 'zod';

import type { Sql } from '../db/database.ts';

const Rows = z.array(z.object({ signedOutAt: z.date().nullable(), isBanned: z.boolean() }));

/** Whether somebody may come in at all: `signedOutAt` ends the tokens that were issued before. */
export type Standing = z.infer<typeof Rows>[number];

const UNKNOWN: Standing = { signedOutAt: null, isBanned: false };

export async function standingOf(sql: Sql, userId: string): Promise<Standing> {
  const rows = await sql`
    SELECT signed_out_at AS "signedOutAt", banned_at IS NOT NULL AS "isBanned"
    FROM users WHERE id = ${userId}`;
  return Rows.parse(rows)[0] ?? UNKNOWN;
}
