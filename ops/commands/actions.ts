import * as z from 'zod';

import { listActions } from '../../core/ops/list-actions.ts';
import { command } from '../command.ts';
import { listing } from '../table.ts';

export const actions = command({
  name: 'actions',
  summary: 'who did what to delivery, and why',
  help: `The record of everything that operators changed, the latest first. It is written in the transaction of the deed: what is
not here was not done. A command that works in chunks writes a line for each.`,
  options: { limit: { type: 'string', value: 'N', what: 'how many at most (50)' } },
  examples: ['actions', 'actions --limit 500 --json'],
  schema: z.object({ limit: z.coerce.number().int().min(1).default(50) }),
  changes: () => false,
  run: async ({ limit }, { sql }) => {
    const done = await listActions(sql, { limit });
    const rows = done.map(({ id, at, operator, action, target, outcome, reason }) => [
      ...[String(id), at.toISOString(), operator, action],
      ...[JSON.stringify(target), JSON.stringify(outcome), reason],
    ]);
    const head = ['ID', 'AT', 'OPERATOR', 'ACTION', 'TARGET', 'OUTCOME', 'WHY'];
    return { code: 0, data: done, text: rows.length === 0 ? 'nothing yet' : listing(head, rows) };
  },
});
