import { laneOf, type OutboxRow } from '../core/outbox/read-page.ts';
import type { Settled } from '../core/outbox/settle.ts';
import type { Verdict } from './verdict.ts';

/** A row with its verdict. */
export type RowVerdict = { row: OutboxRow; verdict: Verdict };

export type Held = {
  /** Why rows had to stay. */
  kind: 'outage' | 'configuration';
  reason: string;
  /** Whether the acknowledgement of a repeat will not prove that anybody heard it. */
  ambiguous: boolean;
};

export type Sorted = {
  /** What leaves the outbox. */
  settled: Settled[];
  delivered: number;
  dead: number;
  held: Held | undefined;
  /** The lanes that have to wait. */
  stopped: Set<string>;
  /** When the acknowledged rows were committed, for the lag. */
  committedAt: Date[];
};

/**
 * What of a page may leave the outbox. A sequential batch goes on behind a failed command, so the rows of
 * one conversation leave as a prefix: behind the first one that stays, all of them stay. Otherwise a
 * repeat of the first would come after its successors and be fenced, and nobody would have heard it. A
 * bad row holds up nobody.
 *
 * A receipt waits in its lane like the others. Where it is there already behind one that stays, nothing is in doubt because
 * of that: it has no number, so it makes nobody drop the repeat of another.
 */
export function sortOut(verdicts: readonly RowVerdict[]): Sorted {
  const sorted: Sorted = {
    settled: [],
    delivered: 0,
    dead: 0,
    held: undefined,
    stopped: new Set(),
    committedAt: [],
  };
  const { settled, stopped } = sorted;
  const blame = commonBlame(verdicts);
  for (const { row, verdict: own } of verdicts) {
    const verdict = blame && own.kind === 'poison' ? blame : own;
    if (stopped.has(laneOf(row))) {
      // Where Centrifugo has this one, it drops the repeat of the one before and acknowledges it all the same.
      if (sorted.held && isNumbered(row) && mayBeThere(verdict)) sorted.held.ambiguous = true;
      continue;
    }
    switch (verdict.kind) {
      case 'delivered':
      case 'overtaken':
        settled.push({ id: row.id, ...verdict.position, ...detailsOf(verdict) });
        sorted.delivered += 1;
        sorted.committedAt.push(row.createdAt);
        break;
      case 'poison':
        settled.push({ id: row.id, code: verdict.code, reason: verdict.reason });
        sorted.dead += 1;
        break;
      case 'outage':
      case 'configuration': {
        stopped.add(laneOf(row));
        const ambiguous = verdict.kind === 'outage' && verdict.ambiguous;
        sorted.held ??= { kind: verdict.kind, reason: verdict.reason, ambiguous };
        sorted.held.ambiguous ||= ambiguous;
        break;
      }
      default:
        verdict satisfies never;
    }
  }
  return sorted;
}

const isNumbered = ({ kind }: OutboxRow): boolean => kind !== 'receipt';

const isThere = ({ kind }: Verdict): boolean => kind === 'delivered' || kind === 'overtaken';

const mayBeThere = (verdict: Verdict): boolean =>
  isThere(verdict) || (verdict.kind === 'outage' && verdict.ambiguous);

function detailsOf(verdict: Verdict): Partial<Settled> {
  if (verdict.kind === 'overtaken') return { superseded: true };
  if (verdict.kind !== 'delivered' || !verdict.unreached) return {};
  return verdict.unreached;
}

/**
 * When nothing of a page gets through and rows of several conversations are called bad, the fault is not
 * theirs: a wrong pattern for channels or a proxy in between refuses everything alike.
 */
function commonBlame(verdicts: readonly RowVerdict[]): Verdict | undefined {
  if (verdicts.some(({ verdict }) => isThere(verdict))) return undefined;
  const bad = verdicts.filter(({ verdict }) => verdict.kind === 'poison');
  const [first] = bad;
  if (first?.verdict.kind !== 'poison' || new Set(bad.map(({ row }) => laneOf(row))).size < 2) {
    return undefined;
  }
  return { kind: 'configuration', reason: first.verdict.reason };
}
