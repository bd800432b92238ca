import type { CentrifugeServerClient } from '@rov/realtime/server';

import type { Sql } from '../core/db/database.ts';
import type { OwnConnections } from '../core/db/own-connections.ts';
import { releaseShard, takeShard } from '../core/outbox/hold-shard.ts';
import { readPage, type Page, type PageBounds } from '../core/outbox/read-page.ts';
import { settle } from '../core/outbox/settle.ts';
import { shardBacklog } from '../core/outbox/waiting.ts';
import { attemptsOf, type Attempts, type Circuit } from './circuit.ts';
import { inTime } from './in-time.ts';
import type { WorkerMetrics } from './metrics.ts';
import { sendPage } from './send-page.ts';
import type { Held } from './sort-out.ts';
import { createSuspicion, type Suspicion } from './suspicion.ts';

/** A node of Centrifugo is back at its engine within a second or two. */
const DEAF_FOR_MS = 5_000;

export type DrainReport = {
  shard: number;
  delivered: number;
  dead: number;
  /** Rows left, as far as they were counted. */
  waiting: number;
  /** Age of the oldest one left. */
  oldestMs: number;
  /** `busy`: another drain holds the shard and somebody must look again. `turn`: more waits. */
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

export type Drain = (shard: number) => Promise<DrainReport>;

/**
 * Delivers what waits in a shard, in order, page by page: take the shard, read the oldest rows, send them as one
 * sequential batch, write down what Centrifugo said. The job of the queue and the sweeper call this same function.
 */
export function createDrain(parts: DrainParts): Drain {
  const { connections, circuit, worker, turnMs = 1_000 } = parts;
  const bounds = { rows: 400, bytes: 1_000_000, listeners: 20_000, ...parts.bounds };
  const hold: Hold = { take: takeShard, read: readPage, release: releaseShard, ...parts.hold };
  const suspicion = createSuspicion(parts.centrifugo);
  /** What the drains of a process know of each other. */
  const known: Known = { unfinished: new Set(), deafUntil: 0 };
  let turns = 0;

  return async function drain(shard) {
    turns += 1;
    const attempts = attemptsOf(circuit);
    if (!attempts.enter()) {
      throw new DeliveryHeld('outage', circuit.reason ?? 'Centrifugo is out of reach');
    }
    const turn = { shard, holder: `${worker} ${turns}`, attempts, turnMs };
    const done = await connections
      .use((sql) => takeTurn({ ...parts, sql, hold, bounds, suspicion, known }, turn))
      .finally(() => attempts.end());
    if (done.held) throw new DeliveryHeld(done.held.kind, done.held.reason);
    return done.report;
  };
}

type Parts = Pick<DrainParts, 'centrifugo' | 'metrics' | 'worker'> & {
  sql: Sql;
  hold: Hold;
  bounds: PageBounds;
  suspicion: Suspicion;
  known: Known;
};
type Known = {
  /** The shards where a drain failed in the middle of a page. */
  unfinished: Set<number>;
  /** Until then nodes of Centrifugo may lack their connection to its engine, which failed before. */
  deafUntil: number;
};
type Turn = { shard: number; holder: string; attempts: Attempts; turnMs: number };
type Done = { report: DrainReport; held?: Pick<Held, 'kind' | 'reason'> | undefined };

async function takeTurn(parts: Parts, turn: Turn): Promise<Done> {
  const { sql, hold, bounds } = parts;
  const { unfinished } = parts.known;
  const { shard, holder } = turn;
  const taking = { shard, holder, doubted: unfinished.has(shard), rows: bounds.rows };
  const [state, first] = await inTime(hold.take(sql, taking), readNext(parts, shard, new Set()));
  if (state !== 'taken') return { report: { ...nothing(shard), endedBy: state } };
  unfinished.delete(shard);
  try {
    return await deliverPages(parts, turn, first);
  } catch (error) {
    unfinished.add(shard);
    throw error;
  }
}

/** Settles each page together with reading the next, until none is left or the turn is over. */
async function deliverPages(parts: Parts, turn: Turn, first: Page): Promise<Done> {
  const { sql, hold, metrics, worker, known } = parts;
  const { shard, holder, attempts } = turn;
  const turnEnds = performance.now() + turn.turnMs;
  const report = nothing(shard);
  const stopped = new Set<string>();
  let held: Done['held'];
  let firstLeft = Infinity;

  for (let page = first; ;) {
    const sent = await sendPage(
      // With the circuit open this is its probe, and a probe is one try.
      { ...parts, again: !attempts.isProbe() },
      { sql, shard, page },
    );
    if (sent.leftInDoubtThrough !== undefined) known.deafUntil = performance.now() + DEAF_FOR_MS;
    report.delivered += sent.delivered;
    report.dead += sent.dead;
    metrics.settled(sent);
    held ??= sent.held;
    firstLeft = Math.min(firstLeft, sent.firstLeft);
    for (const lane of sent.stopped) stopped.add(lane);

    // What one conversation has to wait for need not hold up the others; what two have to, does.
    const isThere = sent.settled.length > 0 || sent.narrowed;
    const away = !isThere && (!page.full || stopped.size > 1) ? sent.held : undefined;
    if (isThere) attempts.succeeded();
    else if (away) attempts.failed(away.reason);

    const more = !away && (page.full || sent.narrowed);
    const goesOn = more && performance.now() < turnEnds && attempts.enter();
    const settling = settle(sql, {
      shard,
      worker,
      holder,
      rows: sent.settled,
      doubtedThrough: sent.doubtedThrough,
      leftInDoubtThrough: sent.leftInDoubtThrough,
      deaf: performance.now() < known.deafUntil,
      failure: held && { reason: held.reason, held: held.kind === 'configuration' },
      through: throughOf(page, firstLeft),
      seen: page.seen,
      last: !goesOn,
    });
    if (goesOn) {
      const [{ holds }, next] = await inTime(settling, readNext(parts, shard, stopped));
      if (!holds) return { report: { ...report, endedBy: 'turn' } };
      page = next;
      continue;
    }
    const [{ announced }] = await inTime(settling, hold.release(sql, shard));
    if (held || !(more || announced)) return { report, held };
    return { report: { ...report, ...(await shardBacklog(sql, shard)), endedBy: 'turn' } };
  }
}

function readNext(
  { sql, hold, suspicion, bounds }: Parts,
  shard: number,
  stopped: ReadonlySet<string>,
): Promise<Page> {
  return hold.read(sql, {
    shard,
    bounds: suspicion.narrow(shard, bounds),
    passOver: [...stopped],
  });
}

/** Whatever a page has shown up to there is settled. */
function throughOf({ rows }: Page, firstLeft: number): number | undefined {
  const last = rows.at(-1);
  return last && Math.min(last.id, firstLeft - 1);
}

function nothing(shard: number): DrainReport {
  return { shard, delivered: 0, dead: 0, waiting: 0, oldestMs: 0, endedBy: 'empty' };
}
