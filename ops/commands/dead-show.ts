import * as z from 'zod';

import { showLetter } from '../../core/ops/show-letter.ts';
import type { ShownLetter } from '../../core/ops/show-letter.ts';
import { command } from '../command.ts';
import { choiceSchema } from '../letter-options.ts';
import { table } from '../table.ts';

export const deadShow = command({
  name: 'dead show',
  words: 'OUTBOX_ID',
  summary: 'one dead letter, without what people wrote',
  help: `Everything about one dead letter, open or closed. Of what it would have said only numbers and ids are shown, unless
--payload asks for the words of people as well.`,
  options: { payload: { type: 'boolean', what: 'also what people wrote' } },
  examples: ['dead show 4711', 'dead show 4711 --payload --json'],
  schema: z.object({
    payload: z.boolean().default(false),
    words: choiceSchema.words.length(1, 'say which one, by its number'),
  }),
  changes: () => false,
  run: async ({ payload, words: [id = 0] }, { sql }) => {
    const letter = await showLetter(sql, { id, contents: payload });
    const text = letter ? textOf(letter) : `no dead letter has the number ${id}`;
    return { code: letter ? 0 : 1, data: letter, text };
  },
});

function textOf(letter: ShownLetter): string {
  return table(
    Object.entries(letter).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : asText(value),
    ]),
  );
}

function asText(value: unknown): string {
  if (value === null) return '-';
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
