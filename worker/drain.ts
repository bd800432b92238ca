import type { CentrifugeServerClient } from '@rov/realtime/server';
import pRetry from 'p-retry';

import type { Sql, Transaction } from '../core/db/database.ts';
import { transaction } from '../core/db/transaction.ts';
import { claimPage, type OutboxRow, type PageBounds } from '../core/outbox/claim-page.ts';
import { noteFailure, settle } from '../core/outbox/settle.ts';
import { shardBacklog } from '../core/outbox/waiting.ts';
import type { Circuit } from './circuit.ts';
import type { WorkerMetrics } from './metrics.ts';
import { PageFault, publishPage, type RowVerdict } from './publish.ts';
import { sortOut, type Sorted } from './sort-out.ts';

/** A page that is not through by then is given up: below the 4 s after which Postgres ends its lock. */
const PAGE_DEADLINE_MS = 2_500;

export type DrainReport = {
  shard: number;
  delivered: number;
  dead: number;
  /** Rows left, as far as they were counted. */
  waiting: number;
  /** Age of the oldest one left. */
  oldestMs: number;
  /** `busy`: another drain holds the shard and somebody must look again. */
  endedBy: 'empty' | 'turn' | 'busy' | 'paused';
};

/** Centrifugo is away or set up wrongly: the rows wait. The message has its own words. */
export class DeliveryHeld extends Error {
  override readonly name = 'DeliveryHeld';
  readonly kind: 'outage' | 'configuration';

  constructor(kind: 'outage' | 'configuration', reason: string, cause?: unknown) {
    super(reason, { cause });
    this.kind = kind;
  }
}

export type DrainParts = {
  sql: Sql;
  centrifugo: Pick<CentrifugeServerClient, 'batch'>;
  circuit: Circuit;
  metrics: WorkerMetrics;
  worker: string;
  /** How a page is taken; `claimPage` unless somebody tries another way. */
  claim?: typeof claimPage;
  bounds?: PageBounds;
  /** How long one turn may last: a backlog must not starve the other shards. */
  turnMs?: number;
};

export type Drain = (shard: number) => Promise<DrainReport>;

/**
 * Delivers what waits in a shard, in order, page by page: take the shard's lock, read the oldest rows,
 * send them as one sequential batch, write down what Centrifugo said, commit. The job of the queue and
 * the sweeper call this same function.
 */
export function createDrain(parts: DrainParts): Drain {
  const { sql, metrics } = parts;
  const bounds = parts.bounds ?? { rows: 400, bytes: 1_000_000 };
  const turnMs = parts.turnMs ?? 1_000;

  return async function drain(shard) {
    const report: DrainReport = {
      shard,
      delivered: 0,
      dead: 0,
      waiting: 0,
      oldestMs: 0,
      endedBy: 'empty',
    };
    const turnEnds = performance.now() + turnMs;
    for (;;) {
      const page = await drainPage(parts, { shard, bounds });
      if (page.state !== 'claimed') return { ...report, endedBy: page.state };
      report.delivered += page.acknowledged.length;
      report.dead += page.dead.length;
      metrics.settled(page);
      if (page.held) throw new DeliveryHeld(page.held.kind, page.held.reason);
      if (!page.full) return report;
      if (performance.now() > turnEnds) {
        return { ...report, ...(await shardBacklog(sql, shard)), endedBy: 'turn' };
      }
    }
  };
}

type PageReport = { state: 'busy' | 'paused' } | (Sorted & { state: 'claimed'; full: boolean });

async function drainPage(
  parts: DrainParts,
  { shard, bounds }: { shard: number; bounds: PageBounds },
): Promise<PageReport> {
  const { sql, circuit, claim = claimPage } = parts;
  if (!circuit.enter()) {
    throw new DeliveryHeld('outage', circuit.reason ?? 'Centrifugo is out of reach');
  }
  try {
    const report = await transaction(sql, async (tx): Promise<PageReport> => {
      const page = await claim(tx, shard, bounds);
      if (page.state !== 'claimed') return page;
      if (page.rows.length === 0) return { state: 'claimed', ...sortOut([]), full: false };
      const sorted = await deliver(parts, { tx, shard, rows: page.rows });
      return { state: 'claimed', ...sorted, full: page.full };
    });
    tell(circuit, report);
    return report;
  } catch (error) {
    circuit.unused();
    throw error;
  }
}

/** A page of which anything was acknowledged shows that Centrifugo is there. */
function tell(circuit: Circuit, report: PageReport): void {
  if (report.state !== 'claimed') circuit.unused();
  else if (report.acknowledged.length > 0) circuit.succeeded();
  else if (report.held) circuit.failed(report.held.reason);
  else circuit.unused();
}

async function deliver(
  parts: DrainParts,
  { tx, shard, rows }: { tx: Transaction; shard: number; rows: readonly OutboxRow[] },
): Promise<Sorted> {
  const worker = parts.worker;
  const { verdicts, doubted } = await publishWithinDeadline(parts, rows);
  const sorted = sortOut(verdicts);
  const last = rows.at(-1)?.id;
  if (sorted.acknowledged.length > 0 || sorted.dead.length > 0) {
    await settle(tx, {
      shard,
      worker,
      acknowledged: sorted.acknowledged,
      dead: sorted.dead,
      doubtedThrough: doubted ? last : undefined,
    });
  }
  if (sorted.held) {
    await noteFailure(tx, {
      shard,
      worker,
      reason: sorted.held.reason,
      held: sorted.held.kind === 'configuration' ? sorted.held.reason : undefined,
      ambiguousThrough: doubted || sorted.held.ambiguous ? last : undefined,
    });
  }
  return sorted;
}

type Published = {
  verdicts: RowVerdict[];
  /** Whether the page, or part of it, was sent before without a clear answer. */
  doubted: boolean;
};

/**
 * At most two tries, for the blip of a stale socket or one 5xx. They carry the same keys, so a repeat is
 * no duplicate. Outages are for the circuit, the queue's retries and the sweeper: with them closed once,
 * a probe is one try.
 */
async function publishWithinDeadline(
  { centrifugo, circuit }: DrainParts,
  rows: readonly OutboxRow[],
): Promise<Published> {
  const signal = AbortSignal.timeout(PAGE_DEADLINE_MS);
  let doubted = false;
  try {
    const verdicts = await pRetry(() => publishPage(centrifugo, rows, signal), {
      retries: circuit.state === 'closed' ? 1 : 0,
      minTimeout: 30,
      maxTimeout: 100,
      maxRetryTime: 300,
      randomize: true,
      onFailedAttempt: ({ error }) => {
        doubted ||= error instanceof PageFault && isAmbiguous(error);
      },
      shouldRetry: ({ error }) =>
        error instanceof PageFault && error.verdict.kind === 'outage' && !signal.aborted,
    });
    return { verdicts, doubted };
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
    const { verdict } = error;
    return {
      verdicts: rows.map((row) => ({ row, verdict })),
      doubted: doubted || isAmbiguous(error),
    };
  }
}

function isAmbiguous({ verdict }: PageFault): boolean {
  return verdict.kind === 'outage' && verdict.ambiguous;
}
