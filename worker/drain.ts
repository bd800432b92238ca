import type { CentrifugeServerClient } from '@rov/realtime/server';

import type { Sql } from '../core/db/database.ts';
import type { OwnConnections } from '../core/db/own-connections.ts';
import { releaseShard, stillHere, takeShard } from '../core/outbox/hold-shard.ts';
import { readPage, type Page, type PageBounds } from '../core/outbox/read-page.ts';
import { settle } from '../core/outbox/settle.ts';
import { shardBacklog } from '../core/outbox/waiting.ts';
import { attemptsOf, type Attempts, type Circuit } from './circuit.ts';
import type { WorkerMetrics } from './metrics.ts';
import { PageFault, publishPage } from './publish.ts';
import { sortOut, type Held, type Sorted } from './sort-out.ts';
import { createSuspicion, type Suspicion } from './suspicion.ts';
import { verdictsOnPage } from './verdict.ts';

/** Postgres ends a statement of ours after 3 s. Whoever has not answered by then will not. */
const ANSWER_WITHIN_MS = 5_000;

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

/** How a shard is held and read. */
export type Hold = { take: typeof takeShard; read: typeof readPage; release: typeof releaseShard };

export type DrainParts = {
  /** One for each drain under way. */
  connections: OwnConnections;
  centrifugo: Pick<CentrifugeServerClient, 'batch'>;
  circuit: Circuit;
  metrics: WorkerMetrics;
  worker: string;
  /** Another way than the shipped one, for whoever wants to know what that is worth. */
  hold?: Partial<Hold>;
  bounds?: Partial<PageBounds>;
  /** How long one turn may last: a backlog must not starve the other shards. */
  turnMs?: number;
};

type Turn = { shard: number; holder: string; attempts: Attempts };
type TurnReport = { report: DrainReport; held?: Pick<Held, 'kind' | 'reason'> | undefined };

export type Drain = (shard: number) => Promise<DrainReport>;

/**
 * Delivers what waits in a shard, in order, page by page: take the shard, read the oldest rows, send them as one
 * sequential batch, write down what Centrifugo said. The job of the queue and the sweeper call this same function.
 */
export function createDrain(parts: DrainParts): Drain {
  const { connections, circuit, metrics, worker, turnMs = 1_000 } = parts;
  const bounds = { rows: 400, bytes: 1_000_000, listeners: 20_000, ...parts.bounds };
  const hold: Hold = { take: takeShard, read: readPage, release: releaseShard, ...parts.hold };
  const suspicion = createSuspicion(parts.centrifugo);
  /** Where a drain of this process failed, maybe in the middle of a page. */
  const unfinished = new Set<number>();
  let turns = 0;

  return async function drain(shard) {
    turns += 1;
    const holder = `${worker} ${turns}`;
    const attempts = attemptsOf(circuit);
    if (!attempts.enter()) throw heldByCircuit();
    const turn = await connections
      .use((sql) => takeTurn(sql, { shard, holder, attempts }))
      .finally(attempts.end);
    if (turn.held) throw new DeliveryHeld(turn.held.kind, turn.held.reason);
    return turn.report;
  };

  async function takeTurn(sql: Sql, turn: Turn): Promise<TurnReport> {
    const { shard, holder } = turn;
    const taking = { shard, holder, doubted: unfinished.has(shard), rows: bounds.rows };
    const [state, first] = await answered(hold.take(sql, taking), read(sql, shard, []));
    if (state !== 'taken') return { report: { ...nothing(shard), endedBy: state } };
    unfinished.delete(shard);
    try {
      return await deliverPages(sql, turn, first);
    } catch (error) {
      unfinished.add(shard);
      throw error;
    }
  }

  function read(sql: Sql, shard: number, passOver: Iterable<string>): Promise<Page> {
    return hold.read(sql, {
      shard,
      bounds: suspicion.narrow(shard, bounds),
      passOver: [...passOver],
    });
  }

  async function deliverPages(
    sql: Sql,
    { shard, holder, attempts }: Turn,
    first: Page,
  ): Promise<TurnReport> {
    const turnEnds = performance.now() + turnMs;
    const report = nothing(shard);
    const stopped = new Set<string>();
    let held: TurnReport['held'];
    let firstLeft = Infinity;

    for (let page = first; ;) {
      const sent = await send({ ...parts, suspicion, bounds }, { sql, shard, page, attempts });
      report.delivered += sent.delivered;
      report.dead += sent.dead;
      metrics.settled(sent);
      held ??= sent.held;
      firstLeft = Math.min(firstLeft, firstLeftOf(page, sent));
      for (const lane of sent.stopped) stopped.add(lane);

      // What one conversation has to wait for need not hold up the others; what two have to, does.
      const isThere = sent.settled.length > 0 || sent.narrowed;
      const isAway = sent.held !== undefined && !isThere && (!page.full || stopped.size > 1);
      if (isThere) attempts.succeeded();
      else if (isAway) attempts.failed(held!.reason);

      const more = !isAway && (page.full || sent.narrowed);
      const goesOn = more && performance.now() < turnEnds && attempts.enter();
      const settling = settle(sql, {
        shard,
        worker,
        holder,
        rows: sent.settled,
        doubtedThrough: sent.doubtedThrough,
        leftInDoubtThrough: sent.leftInDoubtThrough,
        failure: held && {
          reason: held.reason,
          held: held.kind === 'configuration' ? held.reason : undefined,
        },
        through: page.rows.length === 0 ? undefined : Math.min(page.rows.at(-1)!.id, firstLeft - 1),
        seen: page.seen,
        last: !goesOn,
      });
      if (goesOn) {
        [, page] = await answered(settling, read(sql, shard, stopped));
        continue;
      }
      const [announced] = await answered(settling, hold.release(sql, shard));
      if (held || !(more || announced)) return { report, held };
      return { report: { ...report, ...(await shardBacklog(sql, shard)), endedBy: 'turn' } };
    }
  }

  function heldByCircuit(): DeliveryHeld {
    return new DeliveryHeld('outage', circuit.reason ?? 'Centrifugo is out of reach');
  }
}

function firstLeftOf({ rows }: Page, { settled }: Sorted): number {
  const gone = new Set(settled.map(({ id }) => id));
  return rows.find(({ id }) => !gone.has(id))?.id ?? Infinity;
}

function nothing(shard: number): DrainReport {
  return { shard, delivered: 0, dead: 0, waiting: 0, oldestMs: 0, endedBy: 'empty' };
}

type Sent = Sorted & {
  /** Rows up to this one were sent twice, the first time without a clear answer. */
  doubtedThrough: number | undefined;
  /** Rows up to this one were sent without a clear answer. */
  leftInDoubtThrough: number | undefined;
  /** Nothing came of the page, and a smaller one is to be tried at once. */
  narrowed: boolean;
};

/** Sends a page, and finds out what it can about one that came to nothing. */
async function send(
  { centrifugo, suspicion, bounds }: Parts,
  {
    sql,
    shard,
    page: { rows },
    attempts,
  }: { sql: Sql; shard: number; page: Page; attempts: Attempts },
): Promise<Sent> {
  const last = rows.at(-1)?.id;
  let doubted = false;
  try {
    const answers = await publishPage(
      {
        centrifugo,
        // With the circuit open this is its probe, and a probe is one try.
        again: !attempts.isProbe(),
        onDoubt: () => {
          doubted = true;
        },
        onProgress: () => answered(stillHere(sql)).then(() => undefined),
      },
      rows,
    );
    const verdicts = verdictsOnPage(answers);
    const sorted = sortOut(answers.map(({ row }, at) => ({ row, verdict: verdicts[at]! })));
    if (!sorted.held) suspicion.passed(shard, bounds);
    return {
      ...sorted,
      doubtedThrough: doubted ? last : undefined,
      leftInDoubtThrough: sorted.held?.ambiguous ? last : undefined,
      narrowed: false,
    };
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
    const { verdict } = error;
    const ambiguous = verdict.kind === 'outage' && verdict.ambiguous;
    if (ambiguous) await answered(stillHere(sql));
    const next = ambiguous ? await suspicion.failed(shard, rows) : 'wait';
    const sorted = sortOut(
      next === 'narrow'
        ? []
        : rows.map((row) => ({
            row,
            verdict: next === 'bury' ? { kind: 'poison', reason: verdict.reason } : verdict,
          })),
    );
    return {
      ...sorted,
      doubtedThrough: undefined,
      leftInDoubtThrough: doubted || ambiguous ? last : undefined,
      narrowed: next === 'narrow',
    };
  }
}

type Parts = DrainParts & { suspicion: Suspicion; bounds: PageBounds };

/** Waits for statements that were sent together. */
async function answered<const T extends readonly Promise<unknown>[]>(
  ...statements: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Postgres has not answered for ${ANSWER_WITHIN_MS} ms`)),
      ANSWER_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([Promise.all(statements), silence]);
  } finally {
    clearTimeout(timer);
  }
}
