import * as z from 'zod';

import { planRedrive, redrive as redriveLetters } from '../../core/ops/redrive.ts';
import type { Redriven } from '../../core/ops/redrive.ts';
import { command } from '../command.ts';
import {
  CHOICE_OPTIONS,
  choiceSchema,
  filterOf,
  isOneChoice,
  ONE_CHOICE,
} from '../letter-options.ts';
import { counted, listing } from '../table.ts';

export const redrive = command({
  name: 'redrive',
  words: 'OUTBOX_ID…',
  summary: 'tell those who missed dead letters, and close these',
  help: `The old event is never said again. Everybody in a conversation concerned gets one resync under a new number and reads
again from the first message that they may have missed; contacts of a user ask for their presence again. Whoever should
have stopped listening and is no member now is unsubscribed; somebody who is back is left alone.

Closed letters are left alone, so the same command twice, or two operators at once, tell nobody twice. --dry-run shows
who would hear what. Exit code 1 when a number is of no dead letter, or nothing is as the options say.`,
  options: {
    ...CHOICE_OPTIONS,
    'dry-run': { type: 'boolean', what: 'show who would hear what, and change nothing' },
  },
  examples: [
    'redrive 4711 4712 --why "namespace was missing, is back"',
    'redrive --code 102 --since 2h --dry-run',
    'redrive --all --why "incident 17 is over"',
  ],
  schema: z
    .object({ ...choiceSchema, 'dry-run': z.boolean().default(false) })
    .refine(isOneChoice, { error: ONE_CHOICE }),
  changes: (asked) => !asked['dry-run'],
  run: async (asked, { sql, deed, ring, say }) => {
    const filter = filterOf(asked);
    const dry = asked['dry-run'];
    const outcome = dry
      ? await planRedrive(sql, filter)
      : await redriveLetters(sql, {
          filter,
          deed,
          ring,
          onProgress: (done, of) => say(`${done} of ${of} letters`),
        });
    const { letters, closed, unknown } = outcome;
    const missed = unknown.length > 0 || (letters + closed === 0 && !asked.all);
    return { code: missed ? 1 : 0, data: { dryRun: dry, ...outcome }, text: textOf(outcome, dry) };
  },
});

function textOf(outcome: Redriven, dry: boolean): string {
  const { letters, closed, unknown, conversations, people } = outcome;
  const rows = [
    ...conversations.flatMap((each) => rowsOf(each)),
    ...people.map(({ userId, contacts }) => [
      userId,
      counted(contacts, 'contact'),
      'presence_resync',
      '-',
      '-',
    ]),
  ];
  return [
    ...(rows.length > 0
      ? [listing(['CONVERSATION OR USER', 'HEARD BY', 'EVENT', 'EV', 'FROM SEQ'], rows), '']
      : []),
    `${counted(letters, 'dead letter')} ${dry ? 'would be closed' : 'closed'}`,
    ...(closed > 0 ? [`${closed} had been closed before`] : []),
    ...(unknown.length > 0 ? [`no dead letter has the number ${unknown.join(', ')}`] : []),
  ].join('\n');
}

function rowsOf(plan: Redriven['conversations'][number]): string[][] {
  const { conversationId: id, members, ev, fromSeq } = plan;
  return [
    ...plan.unsubscribe.map((userId) => [id, userId, 'unsubscribe', '-', '-']),
    ...plan.removed.map((userId) => [id, userId, 'conversation_removed', '-', '-']),
    ...(ev === null
      ? []
      : [[id, counted(members, 'member'), 'resync', String(ev), String(fromSeq)]]),
    ...plan.rejoined.map((userId) => [id, userId, 'nothing: is a member again', '-', '-']),
  ];
}
