import * as z from 'zod';

import { listLetters } from '../../core/ops/list-letters.ts';
import { command } from '../command.ts';
import { filterOf, LETTER_OPTIONS, letterSchema } from '../letter-options.ts';
import { listing } from '../table.ts';

export const deadList = command({
  name: 'dead list',
  summary: 'dead letters that wait for an operator',
  help: `Open dead letters, the longest dead first: events that Centrifugo refused for what they are. Whoever listened to their
conversations was told at once to look again (resync), so what is missing is seen after the next look all the same.`,
  options: {
    ...LETTER_OPTIONS,
    limit: { type: 'string', value: 'N', what: 'how many at most (50)' },
  },
  examples: ['dead list', 'dead list --code 107 --since 2h', 'dead list --limit 1000 --json'],
  schema: z.object({ ...letterSchema, limit: z.coerce.number().int().min(1).default(50) }),
  changes: () => false,
  run: async ({ limit, ...choice }, { sql }) => {
    const letters = await listLetters(sql, { ...filterOf(choice), limit });
    const rows = letters.map((letter) => [
      String(letter.id),
      letter.diedAt.toISOString(),
      letter.type ?? letter.kind,
      letter.conversationId ?? letter.subject ?? '-',
      String(letter.ev ?? '-'),
      letter.missedUsers === null ? 'all' : String(letter.missedUsers),
      letter.reason,
    ]);
    const head = ['ID', 'DIED', 'TYPE', 'CONVERSATION OR USER', 'EV', 'MISSED BY', 'REASON'];
    const text = letters.length === 0 ? 'no open dead letter' : listing(head, rows);
    return { code: 0, data: letters, text };
  },
});
