import * as z from 'zod';

import type { Sql } from '../db/database.ts';

/** Who does something to delivery, and why. Both are kept in `operator_actions`, in the transaction of the deed. */
export type Deed = { operator: string; reason: string };

/** What our functions take as `p_deed`; `target` is what was asked for. */
export function deedParameter(sql: Sql, { operator, reason }: Deed, target: object) {
  const asked = z.json().parse(JSON.parse(JSON.stringify(target)));
  return sql.json({ operator, reason, target: asked });
}
