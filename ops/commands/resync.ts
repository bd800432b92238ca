import * as z from 'zod';

import { planResync, resync as announce } from '../../core/ops/resync.ts';
import type { PlannedResync, ResyncTarget } from '../../core/ops/resync.ts';
import { command } from '../command.ts';
import { moment } from '../moment.ts';
import { counted, listing } from '../table.ts';

const schema = z
  .object({
    conversation: z.uuid('is no id of a conversation').optional(),
    'from-seq': z.coerce.number('is no number').int().min(1).optional(),
    since: moment.optional(),
    until: moment.optional(),
    'dry-run': z.boolean().default(false),
  })
  .refine(({ conversation, since }) => (conversation === undefined) !== (since === undefined), {
    error: 'say which ones: --conversation ID, or --since TIME [--until TIME]',
  })
  .refine((asked) => asked['from-seq'] === undefined || asked.conversation !== undefined, {
    error: '--from-seq belongs to --conversation: a range of time finds the messages by itself',
  });

export const resync = command({
  name: 'resync',
  summary: 'tell everybody in some conversations to read again',
  help: `When events were acknowledged and yet not heard: Centrifugo was broken, or its Redis was lost. Everybody in the conversation
gets a resync under a new number and reads again from the message named; nobody sees anything twice. Without --from-seq that
is the last message, which is enough for clients that count: they find holes by the numbers.

With --since it is every conversation of which an event was committed or delivered in that time, from its first message in
it. Of times before the deliveries that are kept (7 days) only conversations are found in which nothing was said later.

At most 100 conversations are locked at once. Exit code 1 when there is no such conversation.`,
  options: {
    conversation: { type: 'string', value: 'ID', what: 'this conversation' },
    'from-seq': {
      type: 'string',
      value: 'N',
      what: 'the first message to read again (the last one)',
    },
    since: {
      type: 'string',
      value: 'TIME',
      what: 'all with an event then or later (2h, 7d, ISO 8601)',
    },
    until: { type: 'string', value: 'TIME', what: 'and before this time (now)' },
    'dry-run': { type: 'boolean', what: 'show who would be told, and change nothing' },
  },
  examples: [
    'resync --conversation ID --from-seq 100 --why "ticket 12: messages missing"',
    'resync --since 2026-01-31T10:00:00Z --until 2026-01-31T10:20:00Z --dry-run',
    'resync --since 2h --why "Centrifugo lost its Redis"',
  ],
  schema,
  changes: (asked) => !asked['dry-run'],
  run: async (asked, { sql, deed, ring, say }) => {
    const target = targetOf(asked);
    const code = (found: number) => (found === 0 && 'conversationId' in target ? 1 : 0);
    if (asked['dry-run']) {
      const planned = await planResync(sql, target);
      return { code: code(planned.length), data: planned, text: textOf(planned) };
    }
    const conversations = await announce(sql, {
      target,
      deed,
      ring,
      onProgress: (done, of) => say(`${done} of ${of} conversations`),
    });
    const text = `${counted(conversations, 'conversation')} told to read again`;
    return { code: code(conversations), data: { conversations }, text };
  },
});

function targetOf(asked: z.infer<typeof schema>): ResyncTarget {
  const { conversation, since, until } = asked;
  if (conversation !== undefined)
    return { conversationId: conversation, fromSeq: asked['from-seq'] };
  return { since: since ?? new Date(), until };
}

function textOf(planned: readonly PlannedResync[]): string {
  const members = planned.reduce((sum, each) => sum + each.members, 0);
  const rows = planned.map((each) => [
    each.conversationId,
    counted(each.members, 'member'),
    String(each.fromSeq),
  ]);
  const sum = `${counted(planned.length, 'conversation')} would be told to read again, ${counted(members, 'member')} in all`;
  return rows.length === 0
    ? sum
    : `${listing(['CONVERSATION', 'HEARD BY', 'FROM SEQ'], rows)}\n\n${sum}`;
}
