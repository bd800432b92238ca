import * as z from 'zod';

import { audit as recount, isSound } from '../../core/ops/audit.ts';
import type { AuditReport, Finding } from '../../core/ops/audit.ts';
import { command } from '../command.ts';
import { moment } from '../moment.ts';
import { counted, table } from '../table.ts';

const schema = z
  .object({
    conversation: z.uuid('is no id of a conversation').optional(),
    since: moment.optional(),
    until: moment.optional(),
  })
  .refine(({ conversation, since }) => conversation === undefined || since === undefined, {
    error: '--conversation or --since, not both',
  })
  .refine(({ since, until }) => until === undefined || since !== undefined, {
    error: '--until needs --since',
  });

export const audit = command({
  name: 'audit',
  summary: 'recount committed events against what became of them',
  help: `Each event that was committed must be waiting, delivered or dead, exactly once, in the order of its number; each message
must have an event. Counts while everything goes on, locks nothing and changes nothing.

With --since (a day unless told) all conversations with an event committed or delivered from then on, and before --until;
each is judged from its first event in that time to its present one. With --conversation as far back as deliveries are kept
(7 days). The report says from when on it judges.

Exit code 1 when anything is lost, duplicated, out of order or was never announced. Waiting and dead is accounted for.`,
  options: {
    conversation: { type: 'string', value: 'ID', what: 'this conversation' },
    since: { type: 'string', value: 'TIME', what: 'all with an event then or later (1d)' },
    until: { type: 'string', value: 'TIME', what: 'and before this time (now)' },
  },
  examples: ['audit', 'audit --since 7d --json', 'audit --conversation ID'],
  schema,
  changes: () => false,
  run: async ({ conversation, since, until }, { sql, say }) => {
    const scope =
      conversation === undefined
        ? { since: since ?? moment.parse('1d'), until }
        : { conversationId: conversation };
    const report = await recount(sql, scope, (done, of) => say(`${done} of ${of} conversations`));
    if (conversation !== undefined && report.conversations === 0) {
      return { code: 1, data: report, text: `there is no conversation ${conversation}` };
    }
    const sound = isSound(report);
    return { code: sound ? 0 : 1, data: { sound, ...report }, text: textOf(report) };
  },
});

function textOf(report: AuditReport): string {
  const { conversations, events, messages, closed, judgedSince } = report;
  const row = (what: string, { count, examples }: Finding, number = 'ev'): string[] => [
    what,
    String(count),
    examples.map((each) => `${each.conversationId} ${number} ${each.number}`).join(', '),
  ];
  return `${table([
    row('lost', report.lost),
    row('duplicated', report.duplicated),
    row('out of order', report.outOfOrder),
    row('never announced', report.unannounced, 'seq'),
    row('waiting', report.waiting),
    row('dead', report.dead),
  ])}

${counted(events, 'event')} and ${counted(messages, 'message')} of ${counted(conversations, 'conversation')} judged${
    judgedSince === null ? '' : `, from ${judgedSince} on`
  }; ${closed} had died and were closed`;
}
