import * as z from 'zod';

import { traceMessage } from '../../core/chat/trace-message.ts';
import { command } from '../command.ts';
import { table } from '../table.ts';

export const trace = command({
  name: 'trace',
  words: 'MESSAGE_ID',
  summary: 'what became of one message',
  help: `Whether the event by which a message was sent waits, was taken by Centrifugo (when, from which worker, at which place
of its channel), or died, and of what. Nothing of what it says is shown.

Exit code 1 when there is no such message.`,
  options: {},
  examples: ['trace 019a8c53-1e4d-7a92-8f6b-c05d3e7194a8'],
  schema: z.object({
    words: z.tuple([z.uuid('a message has a UUID')], 'say which one, by its id'),
  }),
  changes: () => false,
  run: async ({ words: [messageId] }, { sql }) => {
    const answer = await traceMessage(sql, { messageId });
    if (answer.outcome !== 'traced') {
      return { code: 1, data: null, text: `there is no message ${messageId}` };
    }
    return { code: 0, data: answer.trace, text: textOf(answer.trace) };
  },
});

function textOf(found: object): string {
  return table(
    Object.entries(found).map(([name, value]) => [name, value === null ? '-' : String(value)]),
  );
}
