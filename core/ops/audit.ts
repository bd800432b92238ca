import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/database.ts';
import { busyConversations } from './busy-conversations.ts';
import { CONVERSATIONS_A_CHUNK } from './chunks.ts';
import type { OnProgress } from './chunks.ts';
import { tryAgain } from './try-again.ts';

/** One conversation, or all of which an event was committed or delivered in a range of time. */
export type AuditScope = { conversationId: string } | { since: Date; until?: Date | undefined };

const Finding = z.object({
  count: z.int(),
  examples: z.array(z.object({ conversationId: z.string(), number: z.int() })),
});
export type Finding = z.infer<typeof Finding>;

const nothing = (): Finding => ({ count: 0, examples: [] });
const Findings = z.object({
  /** Committed, and no table knows of it (or of a part of it). */
  lost: Finding.default(nothing),
  /** Settled twice. */
  duplicated: Finding.default(nothing),
  /** Lies in its channel at or before an event of a lower number. */
  outOfOrder: Finding.default(nothing),
  /** Messages (by `seq`) that were stored without an event. */
  unannounced: Finding.default(nothing),
  waiting: Finding.default(nothing),
  /** Open dead letters. */
  dead: Finding.default(nothing),
});
type Findings = z.infer<typeof Findings>;

const Answer = z.object({
  since: z.string(),
  events: z.int(),
  messages: z.int(),
  closed: z.int(),
  found: Findings,
});

export type AuditReport = Findings & {
  /** Older events cannot be judged: their deliveries are not kept. */
  judgedSince: string | null;
  conversations: number;
  /** How many were judged, and how many of the events were closed by an operator after they had died. */
  events: number;
  messages: number;
  closed: number;
};

const EXAMPLES = 10;
/** A statement that counts so many takes some tenths of a second: who drops an old day of deliveries waits for it. */
const EVENTS_A_CHUNK = 20_000;

/**
 * Recounts committed events (audit.sql) while everything goes on: nothing is written and nobody waits. A conversation is
 * judged from its first event in the scope to its present one.
 */
export async function audit(
  sql: Sql,
  scope: AuditScope,
  onProgress?: OnProgress,
): Promise<AuditReport> {
  const asked = await conversationsOf(sql, scope);
  const since = 'since' in scope ? scope.since.toISOString() : null;
  const report: AuditReport = {
    ...Findings.parse({}),
    judgedSince: null,
    conversations: 0,
    events: 0,
    messages: 0,
    closed: 0,
  };
  for (const chunk of chunksByEvents(asked)) {
    const rows = await tryAgain(
      () => sql`SELECT audit_conversations(${sql.json(chunk)}, ${since}, ${EXAMPLES}) AS answer`,
    );
    const answer = answerOf(Answer, rows);
    report.judgedSince = [report.judgedSince ?? '', answer.since].toSorted().at(-1) ?? null;
    report.conversations += chunk.length;
    report.events += answer.events;
    report.messages += answer.messages;
    report.closed += answer.closed;
    for (const kind of Findings.keyof().options)
      report[kind] = sum(report[kind], answer.found[kind]);
    onProgress?.(report.conversations, asked.length);
  }
  return report;
}

/** Whether nothing was lost, duplicated or mixed up. What waits or has died is accounted for. */
export function isSound(report: AuditReport): boolean {
  const { lost, duplicated, outOfOrder, unannounced } = report;
  return [lost, duplicated, outOfOrder, unannounced].every(({ count }) => count === 0);
}

const Size = z.array(z.object({ conversationId: z.string(), ev: z.coerce.number().int() }));

async function conversationsOf(sql: Sql, scope: AuditScope): Promise<z.infer<typeof Size>> {
  if ('since' in scope) return busyConversations(sql, scope);
  const rows = await sql`
    SELECT id AS "conversationId", ev FROM conversations WHERE id = ${scope.conversationId}`;
  return Size.parse(rows);
}

function chunksByEvents(conversations: z.infer<typeof Size>): string[][] {
  const chunks: string[][] = [];
  let events = 0;
  for (const { conversationId, ev } of conversations) {
    events += ev;
    const chunk = chunks.at(-1);
    if (chunk && chunk.length < CONVERSATIONS_A_CHUNK && events <= EVENTS_A_CHUNK) {
      chunk.push(conversationId);
    } else {
      chunks.push([conversationId]);
      events = ev;
    }
  }
  return chunks;
}

function sum(one: Finding, other: Finding): Finding {
  return {
    count: one.count + other.count,
    examples: [...one.examples, ...other.examples].slice(0, EXAMPLES),
  };
}
