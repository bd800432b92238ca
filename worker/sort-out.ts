import type { OutboxRow } from '../core/outbox/claim-page.ts';
import type { Acknowledged, Dead } from '../core/outbox/settle.ts';
import type { RowVerdict } from './publish.ts';

export type Held = {
  /** Why rows had to stay. */
  kind: 'outage' | 'configuration';
  reason: string;
  /** Whether the acknowledgement of a repeat will not prove that anybody heard it. */
  ambiguous: boolean;
};

export type Sorted = {
  acknowledged: Acknowledged[];
  dead: Dead[];
  held: Held | undefined;
  /** When the acknowledged rows were committed, for the lag. */
  committedAt: Date[];
};

/**
 * What of a page may leave the outbox. A sequential batch goes on behind a failed command, so the rows of
 * one conversation leave as a prefix: behind the first one that stays, all of them stay. Otherwise a
 * repeat of the first would come after its successors and be fenced, and nobody would have heard it. A
 * bad row holds up nobody.
 */
export function sortOut(verdicts: readonly RowVerdict[]): Sorted {
  const acknowledged: Acknowledged[] = [];
  const committedAt: Date[] = [];
  const dead: Dead[] = [];
  const stopped = new Set<string>();
  let held: Held | undefined;
  for (const { row, verdict } of verdicts) {
    if (stopped.has(laneOf(row))) {
      // Centrifugo holds this one, so it drops the repeat of the one before and acknowledges it all the same.
      if (held && verdict.kind === 'delivered') held.ambiguous = true;
      continue;
    }
    switch (verdict.kind) {
      case 'delivered':
        acknowledged.push({ id: row.id, ...verdict.position });
        committedAt.push(row.createdAt);
        break;
      case 'poison':
        dead.push({ id: row.id, code: verdict.code, reason: verdict.reason });
        break;
      case 'outage':
      case 'configuration': {
        stopped.add(laneOf(row));
        const ambiguous = verdict.kind === 'outage' && verdict.ambiguous;
        held ??= { kind: verdict.kind, reason: verdict.reason, ambiguous };
        held.ambiguous ||= ambiguous;
        break;
      }
      default:
        verdict satisfies never;
    }
  }
  const blame = acknowledged.length === 0 ? commonBlame(verdicts) : undefined;
  return blame
    ? { acknowledged, dead: [], held: blame, committedAt }
    : { acknowledged, dead, held, committedAt };
}

/**
 * When nothing of a page gets through and rows of several conversations are called bad, the fault is not
 * theirs: a wrong pattern for channels or a proxy in between refuses everything alike.
 */
function commonBlame(verdicts: readonly RowVerdict[]): Held | undefined {
  const bad = verdicts.filter(({ verdict }) => verdict.kind === 'poison');
  const [first] = bad;
  if (first?.verdict.kind !== 'poison' || new Set(bad.map(({ row }) => laneOf(row))).size < 2) {
    return undefined;
  }
  return { kind: 'configuration', reason: first.verdict.reason, ambiguous: false };
}

/** What is kept in order: a conversation, and a user's presence. */
function laneOf(row: OutboxRow): string {
  return row.conversationId ?? `user ${row.subject}`;
}
