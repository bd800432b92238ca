import type postgres from 'postgres';

import { setAside, writeInto } from '../backlog.ts';
import { rov } from '../contenders/rov.ts';
import type { Context } from '../context.ts';
import { LISTENER, makeGroups } from '../groups.ts';
import type { Group } from '../groups.ts';
import { onBed } from '../on-bed.ts';
import { heardAtSink } from '../sink.ts';
import { startWitness } from '../witness.ts';

/** Enough that two of them share a shard and others do not. */
const GROUPS = { conversations: 24, membersEach: 5, listenedTo: 24 };
const WARM_UP_ROWS = 2_000;

/**
 * One conversation has a great backlog, and somebody else says one thing. In the same shard it is delivered behind what
 * was there before: rows ahead / drain rate, where the rate is that of the first half of them. In another shard it does
 * not wait for them.
 */
export async function fairness({ servers, sizes, record }: Context): Promise<void> {
  const { rowsAhead } = sizes.fairness;
  await onBed(servers, rov, async ({ database, centrifugo }, delivery) => {
    const { sql } = database;
    const { busy, neighbour, elsewhere, warmUp } = choose(await makeGroups(sql, GROUPS));
    await sql`DELETE FROM outbox`;
    await writeInto(sql, warmUp, WARM_UP_ROWS);
    await setAside(sql, 'warm_up');
    await writeInto(sql, busy, rowsAhead);
    await writeInto(sql, neighbour, 1);
    await writeInto(sql, elsewhere, 1);
    await setAside(sql, 'backlog');

    using witness = await startWitness({
      ...{ centrifugo, userId: LISTENER },
      conversationIds: [busy.id, neighbour.id, elsewhere.id],
    });
    await delivery.start();
    const warm = await delivery.prepareCatchUp('warm_up');
    await warm();
    const go = await delivery.prepareCatchUp('backlog');
    const began = Date.now();
    await go();
    const promised = (group: Group, messages: number) => {
      return { conversationId: group.id, messages, on: ['conversation', 'chat'] as const };
    };
    const fault = await heardAtSink(witness, LISTENER, [
      promised(busy, rowsAhead),
      promised(neighbour, 1),
      promised(elsewhere, 1),
    ]);

    const waited = async (group: Group, ev?: number) =>
      (await acknowledgedAt(sql, group, ev)) - began;
    const half = Math.floor(rowsAhead / 2);
    const rowsPerMs = half / (await waited(busy, half));
    const one = (contender: string, value: number) =>
      record({ what: 'wait behind a busy conversation', contender, unit: 'ms', value, fault });
    one(rov.name, await waited(neighbour));
    one('rows ahead / drain rate', rowsAhead / rowsPerMs);
    one('rov, in another shard', await waited(elsewhere));
  });
}

type Cast = Record<'busy' | 'neighbour' | 'elsewhere' | 'warmUp', Group>;

function choose(groups: readonly Group[]): Cast {
  for (const busy of groups) {
    const neighbour = groups.find(({ id, shard }) => shard === busy.shard && id !== busy.id);
    const [elsewhere, warmUp] = groups.filter(({ shard }) => shard !== busy.shard);
    if (neighbour && elsewhere && warmUp) return { busy, neighbour, elsewhere, warmUp };
  }
  throw new Error('all groups came into one shard');
}

/** When the event of that number, or the last one, was acknowledged, in milliseconds since 1970. */
async function acknowledgedAt(sql: postgres.Sql, { id }: Group, ev?: number): Promise<number> {
  const [row] = await sql`
    SELECT (extract(epoch FROM max(acknowledged_at)) * 1000)::float AS at FROM deliveries
    WHERE conversation_id = ${id} AND ev <= ${ev ?? Number.MAX_SAFE_INTEGER}`;
  return Number(row?.['at']);
}
