import * as z from 'zod';

import { dismiss as dismissLetters } from '../../core/ops/dismiss.ts';
import { command } from '../command.ts';
import {
  CHOICE_OPTIONS,
  choiceSchema,
  filterOf,
  isOneChoice,
  ONE_CHOICE,
} from '../letter-options.ts';
import { counted } from '../table.ts';

export const dismiss = command({
  name: 'dismiss',
  words: 'OUTBOX_ID…',
  summary: 'close dead letters and tell nobody',
  help: `For letters that nobody needs to hear of any more. Nothing is announced and nothing is deleted: they stay to be shown,
with who closed them and why.`,
  options: CHOICE_OPTIONS,
  examples: [
    'dismiss 4711 --why "a test message"',
    'dismiss --conversation ID --why "conversation is gone"',
  ],
  schema: z.object(choiceSchema).refine(isOneChoice, { error: ONE_CHOICE }),
  changes: () => true,
  run: async (asked, { sql, deed, say }) => {
    const outcome = await dismissLetters(sql, {
      filter: filterOf(asked),
      deed,
      onProgress: (done, of) => say(`${done} of ${of} letters`),
    });
    const { letters, closed, unknown } = outcome;
    const missed = unknown.length > 0 || (letters + closed === 0 && !asked.all);
    const text = [
      `${counted(letters, 'dead letter')} closed`,
      ...(closed > 0 ? [`${closed} had been closed before`] : []),
      ...(unknown.length > 0 ? [`no dead letter has the number ${unknown.join(', ')}`] : []),
    ].join('\n');
    return { code: missed ? 1 : 0, data: outcome, text };
  },
});
