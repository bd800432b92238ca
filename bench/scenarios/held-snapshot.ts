import type postgres from 'postgres';

import { setAside, writeBacklog } from '../backlog.ts';
import type { Contender } from '../contenders/contender.ts';
import { rov } from '../contenders/rov.ts';
import { skipLocked } from '../contenders/skip-locked.ts';
import type { Context } from '../context.ts';
import { delaysOf, percentileMs } from '../delays.ts';
import { LISTENER, makeGroups } from '../groups.ts';
import type { Group } from '../groups.ts';
import { startAndWarmUp, underLoad } from '../load.ts';
import { onBed } from '../on-bed.ts';
import { heardAtSink } from '../sink.ts';
import { withTemplate } from '../template.ts';
import { whenQuiet } from '../when-quiet.ts';
import { startWitness } from '../witness.ts';

const UNDER_LOAD = 50;
const WITH_BACKLOG = 100;
/** As many of these have the listener. */
const LISTENED_TO = 60;

/**
 * A report, a backup, somebody's open psql: a transaction that has looked once and stays. Nothing that is deleted from
 * then on can be cleaned away, and a queue in a table crawls over its dead rows. A load for a while, then a backlog of
 * other groups: how fast that is drained, beside the same without the snapshot.
 */
export async function heldSnapshot(context: Context): Promise<void> {
  const messagesEach = Math.ceil(context.sizes.heldSnapshot.backlog / WITH_BACKLOG);
  let groups: Group[] = [];
  const fill = async (sql: postgres.Sql): Promise<void> => {
    groups = await makeGroups(sql, {
      ...{ conversations: UNDER_LOAD + WITH_BACKLOG, membersEach: 5, listenedTo: LISTENED_TO },
    });
    await sql`DELETE FROM outbox`;
    await writeBacklog(sql, { groups: groups.slice(UNDER_LOAD), messagesEach });
    await setAside(sql, 'backlog');
  };
  await withTemplate(context.servers, fill, async (servers) => {
    for (const contender of [rov, skipLocked].filter((one) => context.contenders.includes(one))) {
      for (const isHeld of [false, true]) {
        await measure({ ...context, servers }, { contender, isHeld, groups, messagesEach });
      }
    }
  });
}

async function measure(
  { servers, sizes, record }: Context,
  parts: {
    contender: Contender;
    isHeld: boolean;
    groups: readonly Group[];
    messagesEach: number;
  },
): Promise<void> {
  const { contender, isHeld, messagesEach: messages } = parts;
  const groups = parts.groups.slice(0, UNDER_LOAD);
  const withBacklog = parts.groups.slice(UNDER_LOAD);
  const { perSecond, loadMs: ms } = sizes.heldSnapshot;
  await onBed(servers, contender, async ({ database, centrifugo }, delivery) => {
    await startAndWarmUp(delivery, groups[0]!);
    using witness = await startWitness({
      ...{ centrifugo, userId: LISTENER },
      conversationIds: parts.groups.map(({ id }) => id),
    });
    await using _snapshot = isHeld ? await holdSnapshot(database.sql) : undefined;
    const load = await underLoad({ delivery, witness, groups, perSecond, ms });
    await whenQuiet(delivery.isQuiet);

    witness.beginAnew();
    const go = await delivery.prepareCatchUp('backlog');
    const tookMs = await go();
    const fault = await heardAtSink(
      witness,
      LISTENER,
      withBacklog.map(({ id, hasListener }) => ({
        ...{ conversationId: id, messages },
        on: hasListener ? ['conversation', 'chat'] : ['conversation'],
      })),
    );
    const who = isHeld ? contender.name : `${contender.name}, no snapshot`;
    record({
      ...{ what: 'drain beside a held snapshot', contender: who, unit: 'events/s', fault },
      value: ((messages * withBacklog.length) / tookMs) * 1_000,
    });
    const lastThird = load.sent.slice((load.sent.length * 2) / 3);
    record({
      ...{ what: 'pipeline beside a held snapshot, p99', contender: who, unit: 'ms' },
      value: percentileMs(delaysOf(lastThird, load.heard, load.clientIdOf), 99),
      fault: load.fault,
    });
  });
}

/** Idle in a transaction that has read something. */
async function holdSnapshot(sql: postgres.Sql): Promise<AsyncDisposable> {
  const session = await sql.reserve();
  await session`BEGIN ISOLATION LEVEL REPEATABLE READ`;
  await session`SELECT count(*) FROM conversations`;
  return {
    [Symbol.asyncDispose]: async () => {
      await session`ROLLBACK`;
      session.release();
    },
  };
}
