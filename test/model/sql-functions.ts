import { laneOf, type OutboxRow, type Page } from '../../core/outbox/read-page.ts';
import type { SettledPage } from '../../core/outbox/settle.ts';
import type { Postgres, Transaction } from './postgres.ts';
import type { Rules } from './rules.ts';
import type { Step } from './schedule.ts';
import { newEvent, waitingRows, type Shard, type Tables } from './tables.ts';

export type Database = { postgres: Postgres; tables: Tables; rules: Rules };

export type TakenBy = { holder: string; doubted: boolean; rows: number };

/** `take_shard` of core/outbox/hold-shard.sql, behind its advisory lock. */
export async function takeShard(
  { postgres, tables, rules }: Database,
  { holder, doubted, rows }: TakenBy,
  step: Step,
): Promise<'taken' | 'empty'> {
  const home: Shard = { ...tables.shard };
  if (waitingRows(tables, home.floor).length === 0) return 'empty';

  await step('writes its name');
  const transaction = postgres.begin();
  await postgres.lock(transaction, 'shard');
  postgres.xidOf(transaction);
  const { shard } = tables;
  if (home.holder !== null || doubted) {
    const there = waitingRows(tables, home.floor);
    const doubted = rules.doubts === 'two pages' ? there.slice(0, 2 * rows) : there;
    shard.ambiguousThrough = greatest(shard.ambiguousThrough, doubted.at(-1)?.id ?? null);
  }
  if (rules.leavesName) shard.holder = holder;
  postgres.commit(transaction);
  return 'taken';
}

/** The statement of core/outbox/read-page.ts, with a bound of rows alone. */
export function readPage(
  { postgres, tables }: Database,
  { rows, passOver = [] }: { rows: number; passOver?: readonly string[] },
): Page {
  const found = waitingRows(tables, tables.shard.floor)
    .filter((row) => !passOver.includes(laneOf(row)))
    .slice(0, rows);
  return {
    rows: found,
    full: found.length === rows,
    seen: found.length === 0 ? null : `${postgres.snapshot().xmin}`,
  };
}

/**
 * `settle` of core/outbox/settle.sql, statement by statement: one transaction, in which each statement sees what others
 * have committed by then.
 */
export async function settle(
  database: Database,
  page: SettledPage,
  step: Step,
): Promise<{ announced: boolean }> {
  const { postgres, tables, rules } = database;
  const transaction = postgres.begin();

  // SELECT * INTO STRICT home FROM shards WHERE shard = p_shard
  if (rules.settlesInTurn) await postgres.lock(transaction, 'shard');
  const home: Shard = { ...tables.shard };
  const doubtedThrough = greatest(home.ambiguousThrough, page.doubtedThrough ?? null);
  const leftInDoubtThrough = greatest(doubtedThrough, page.leftInDoubtThrough ?? null);

  // DELETE FROM outbox … RETURNING, and announce_resync
  const gone = new Map<number, OutboxRow>();
  let announced: OutboxRow[] = [];
  await step('deletes');
  if (page.rows.length > 0) {
    await deleteRows(database, transaction, { page, gone });
    announced = await announceResync(database, transaction, {
      unheard: unheardOf({
        page,
        gone,
        doubtedThrough: rules.resyncsAfterDoubt ? doubtedThrough : null,
      }),
    });
  }

  // least(through, (SELECT min(id) - 1 FROM outbox WHERE … id > home.floor))
  const visible = (): OutboxRow[] => [
    ...waitingRows(tables, home.floor).filter(({ id }) => !gone.has(id)),
    ...announced,
  ];
  const oldest = Math.min(...visible().map(({ id }) => id));
  const through = page.through === undefined ? null : Math.min(page.through, oldest - 1);
  const isSeen =
    home.floorGate !== null && page.seen !== null && Number(page.seen) >= home.floorGate;
  const gateIsOpen = (isSeen || !rules.gated) && through !== null;
  const moves = gateIsOpen || (home.floorNext === null && through !== null);

  // UPDATE shards, and the commit
  await step('updates the shard');
  const xid = postgres.xidOf(transaction);
  const { xmax } = postgres.snapshot();
  await postgres.lock(transaction, 'shard');
  const { shard } = tables;
  if (page.last && shard.holder === page.holder) shard.holder = null;
  const isLeftInDoubt = ({ id }: OutboxRow): boolean => id <= (leftInDoubtThrough ?? 0);
  shard.ambiguousThrough = visible().some(isLeftInDoubt) ? leftInDoubtThrough : null;
  if (gateIsOpen) {
    const next = rules.gated ? Math.min(shard.floorNext ?? through, through) : through;
    shard.floor = Math.max(shard.floor, next);
  }
  if (moves) {
    shard.floorNext = through;
    shard.floorGate = rules.gate === 'xmax' ? xmax : xid;
  }
  postgres.commit(transaction);
  return { announced: announced.length > 0 };
}

type Gone = { page: SettledPage; gone: Map<number, OutboxRow> };

async function deleteRows(
  { postgres, tables, rules }: Database,
  transaction: Transaction,
  { page, gone }: Gone,
): Promise<void> {
  const ids = page.rows.map(({ id }) => id);
  const inRange = ({ id }: OutboxRow): boolean => id >= Math.min(...ids) && id <= Math.max(...ids);
  const said =
    rules.settlesBy === 'ids'
      ? ids
      : waitingRows(tables, 0)
          .filter(inRange)
          .map(({ id }) => id);
  postgres.xidOf(transaction);
  for (const id of said) {
    await postgres.lock(transaction, `row ${id}`);
    const row = tables.outbox.get(id);
    if (row) gone.set(id, row);
  }
  transaction.atCommit.push(() => {
    for (const { id, eventId } of gone.values()) {
      tables.outbox.delete(id);
      tables.settled.push(eventId);
    }
  });
}

/** The conversations in which somebody may have missed something, with the message to read again from. */
function unheardOf({
  page,
  gone,
  doubtedThrough,
}: Gone & { doubtedThrough: number | null }): Map<string, number> {
  const unheard = new Map<string, number>();
  for (const row of gone.values()) {
    if (row.kind === 'receipt') continue;
    const { superseded, reason } = page.rows.find(({ id }) => id === row.id) ?? {};
    const payload = JSON.parse(row.payload!) as {
      type: string;
      message?: { seq: number };
      fromSeq?: number;
    };
    const isDoubted = reason === undefined && doubtedThrough !== null && row.id <= doubtedThrough;
    const isDead = reason !== undefined && payload.type !== 'resync';
    if (!superseded && !isDoubted && !isDead) continue;
    const seq = payload.message?.seq ?? payload.fromSeq!;
    const lane = row.conversationId!;
    unheard.set(lane, Math.min(unheard.get(lane) ?? seq, seq));
  }
  return unheard;
}

/** `announce_resync` of core/outbox/announce-resync.sql, for conversations. */
async function announceResync(
  { postgres, tables }: Database,
  transaction: Transaction,
  { unheard }: { unheard: Map<string, number> },
): Promise<OutboxRow[]> {
  const rows: OutboxRow[] = [];
  for (const conversationId of [...unheard.keys()].toSorted()) {
    await postgres.lock(transaction, conversationId);
    const ev = tables.evs.get(conversationId)! + 1;
    const fromSeq = unheard.get(conversationId)!;
    const { row, event } = newEvent(postgres, { conversationId, ev, type: 'resync', fromSeq });
    rows.push(row);
    transaction.atCommit.push(() => {
      tables.evs.set(conversationId, ev);
      tables.outbox.set(row.id, row);
      tables.committed.push(event);
    });
  }
  return rows;
}

function greatest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
