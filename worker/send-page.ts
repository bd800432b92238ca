import type { Sql } from '../core/db/database.ts';
import { stillHere } from '../core/outbox/hold-shard.ts';
import type { Page, PageBounds } from '../core/outbox/read-page.ts';
import { inTime } from './in-time.ts';
import { PageFault, publishPage } from './publish.ts';
import type { Sending } from './requests.ts';
import { sortOut, type RowVerdict, type Sorted } from './sort-out.ts';
import type { Suspicion } from './suspicion.ts';
import { verdictsOnPage } from './verdict.ts';

export type Sent = Sorted & {
  /** The first row that stays. */
  firstLeft: number;
  /** Rows up to this one were sent twice, the first time without a clear answer. */
  doubtedThrough?: number | undefined;
  /** Rows up to this one were sent without a clear answer. */
  leftInDoubtThrough?: number | undefined;
  /** Nothing came of the page, and a smaller one is to be tried at once. */
  narrowed: boolean;
};

/** Sends a page, and finds out what it can about one that came to nothing. */
export async function sendPage(
  parts: Pick<Sending, 'centrifugo' | 'again'> & { suspicion: Suspicion; bounds: PageBounds },
  { sql, shard, page: { rows } }: { sql: Sql; shard: number; page: Page },
): Promise<Sent> {
  const { centrifugo, again, suspicion, bounds } = parts;
  const last = rows.at(-1)?.id;
  let doubted = false;
  const sending: Sending = {
    centrifugo,
    again,
    onDoubt: () => {
      doubted = true;
    },
    onProgress: async () => {
      await inTime(stillHere(sql));
    },
  };
  const sorted = (verdicts: readonly RowVerdict[]) => {
    const page = sortOut(verdicts);
    const gone = new Set(page.settled.map(({ id }) => id));
    return { ...page, firstLeft: rows.find(({ id }) => !gone.has(id))?.id ?? Infinity };
  };
  try {
    const page = sorted(verdictsOnPage(await publishPage(sending, rows)));
    if (!page.held) suspicion.passed(shard, bounds);
    return {
      ...page,
      doubtedThrough: doubted ? last : undefined,
      leftInDoubtThrough: page.held?.ambiguous ? last : undefined,
      narrowed: false,
    };
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
    const { verdict } = error;
    const wasSent = verdict.kind === 'outage' && verdict.ambiguous;
    const leftInDoubtThrough = doubted || wasSent ? last : undefined;
    const next = wasSent ? await suspicion.failed(shard, rows, sending) : 'wait';
    if (next === 'narrow') return { ...sorted([]), leftInDoubtThrough, narrowed: true };
    const poison = { kind: 'poison', reason: verdict.reason } as const;
    const page = sorted(rows.map((row) => ({ row, verdict: next === 'bury' ? poison : verdict })));
    return { ...page, leftInDoubtThrough, narrowed: false };
  }
}
