import { setTimeout as sleep } from 'node:timers/promises';

import { createCentrifugeServerClient } from '@rov/realtime/server';

import type { TestDatabase } from '../../test/harness/database.ts';
import { until } from '../../test/harness/until.ts';
import type { Bed } from '../bed.ts';
import { timeToBroadcast } from '../broadcast-ceiling.ts';
import type { Contender, Delivery } from '../contenders/contender.ts';
import { rov } from '../contenders/rov.ts';
import type { Context } from '../context.ts';
import { LISTENER, makeGroups } from '../groups.ts';
import type { Group } from '../groups.ts';
import { inGroup, startAndWarmUp } from '../load.ts';
import { onBed } from '../on-bed.ts';
import { heardAtSink } from '../sink.ts';
import { spreadOf } from '../spread.ts';
import { withTemplate } from '../template.ts';
import { whenQuiet } from '../when-quiet.ts';
import { startWitness } from '../witness.ts';
import type { Witness } from '../witness.ts';

type Sql = TestDatabase['sql'];

/** A database has other groups as well, and Postgres plans for them. */
const OTHERS = { conversations: 1_000, membersEach: 5, listenedTo: 0 };

/**
 * One message to a group of so many: until its sender may be answered, and until Centrifugo has acknowledged the channel
 * of the last member. Beside it what Centrifugo does when it has nothing else to do than such broadcasts.
 */
export async function fanOut(context: Context): Promise<void> {
  const sizes = context.sizes.fanOut.groups;
  let groups: Group[] = [];
  const fill = async (sql: Sql): Promise<void> => {
    await makeGroups(sql, { ...OTHERS, people: Math.max(...sizes) });
    await sql`DELETE FROM outbox`;
    groups = [];
    for (const [place, members] of sizes.entries())
      groups.push(await makeGroup(sql, place, members));
  };
  await withTemplate(context.servers, fill, async (servers) => {
    for (const contender of context.contenders) {
      await measure({ ...context, servers }, { contender, groups });
    }
  });
}

/** One with the listener, by their name the last of its members. */
async function makeGroup(sql: Sql, place: number, members: number): Promise<Group> {
  await sql`
    SELECT create_group(gen_random_uuid(), person(1), ${`fan-out-${place}`}, 'A group',
      ARRAY(SELECT person(n) FROM generate_series(2, ${members - 1}::int) n) || ${LISTENER}::text)`;
  const [group] = await sql<Group[]>`
    SELECT id, created_by AS "ownerId", shard, true AS "hasListener"
    FROM conversations WHERE client_id = ${`fan-out-${place}`}`;
  return group!;
}

async function measure(
  { servers, sizes, record }: Context,
  { contender, groups }: { contender: Contender; groups: readonly Group[] },
): Promise<void> {
  const { groups: members, sendsEach } = sizes.fanOut;
  await onBed(servers, contender, async (bed, delivery) => {
    // What announces the groups also lets Centrifugo make all the channels.
    await startAndWarmUp(delivery, groups[0]!);
    using witness = await startWitness({
      ...{ centrifugo: bed.centrifugo, userId: LISTENER },
      conversationIds: groups.map(({ id }) => id),
    });
    const ceiling = contender === rov ? await openCeiling(bed, groups.at(-1)!) : undefined;
    const measured = [];
    for (const group of groups) {
      const isLargest = group === groups.at(-1);
      const between = isLargest && ceiling ? () => ceiling.measure(witness) : async () => undefined;
      measured.push(await sendSome({ delivery, witness, group, sends: sendsEach, between }));
    }
    await ceiling?.close();

    const one = (what: string, unit: string, value: number, fault: string | null): void =>
      record({ what, contender: contender.name, unit, value, fault });
    for (const [place, { answerMs, deliveredMs, fault }] of measured.entries()) {
      const size = members[place]!.toLocaleString('en');
      one(`answer, group of ${size}`, 'ms', answerMs, fault);
      one(`last member's channel, group of ${size}`, 'ms', deliveredMs, fault);
    }
    const smallest = measured.at(0)!;
    const largest = measured.at(-1)!;
    const rate = (ms: number): number => (members.at(-1)! / ms) * 1_000;
    one('answer, largest group', 'ms', largest.answerMs, largest.fault);
    one('delivery, largest group', 'channels/s', rate(largest.deliveredMs), largest.fault);
    if (!ceiling) return;
    record({
      ...{ what: 'answer, largest group', contender: 'rov, smallest group', unit: 'ms' },
      ...{ value: smallest.answerMs, fault: smallest.fault },
    });
    record({
      ...{ what: 'delivery, largest group', contender: 'broadcast ceiling', unit: 'channels/s' },
      ...{ value: rate(ceiling.medianMs()), fault: null },
    });
  });
}

/** Medians over several sends after a first that does not count. */
async function sendSome(options: {
  delivery: Delivery;
  witness: Witness;
  group: Group;
  sends: number;
  between: () => Promise<void>;
}): Promise<{ answerMs: number; deliveredMs: number; fault: string | null }> {
  const { delivery, witness, group, sends, between } = options;
  witness.beginAnew();
  const answers: number[] = [];
  const deliveries: number[] = [];
  for (let n = 0; n <= sends; n += 1) {
    const began = performance.now();
    await delivery.send({ ...inGroup(group), clientId: `m-${n}` });
    const answeredMs = performance.now() - began;
    await whenQuiet(delivery.isQuiet);
    const deliveredMs = performance.now() - began;
    if (n > 0) {
      answers.push(answeredMs);
      deliveries.push(deliveredMs);
    }
    await between();
  }
  const promised = {
    ...{ conversationId: group.id, messages: sends + 1 },
    on: ['conversation', 'chat'] as const,
  };
  return {
    answerMs: spreadOf(answers).median,
    deliveredMs: spreadOf(deliveries).median,
    fault: await heardAtSink(witness, LISTENER, [promised]),
  };
}

/** What Centrifugo tidies up after a great broadcast is not to meet the next send. */
const SETTLE_MS = 250;

/** Broadcasts the notice of a message to everybody in the group, straight, with one and with two requests at once. */
async function openCeiling(bed: Bed, group: Group) {
  const members = await bed.database.sql`
    SELECT user_id AS id FROM members WHERE conversation_id = ${group.id} AND user_id <> ${LISTENER}`;
  const userIds = members.map(({ id }) => String(id));
  const { url, apiKey } = bed.centrifugo;
  const client = createCentrifugeServerClient({ url, apiKey, timeoutMs: 60_000 });
  const took = new Map([1, 2].map((atOnce) => [atOnce, [] as number[]]));
  return {
    async measure(witness: Witness): Promise<void> {
      const notice = () => witness.heard().find(({ data }) => data['type'] === 'new_message');
      await until(() => notice() !== undefined, { timeoutMs: 10_000, what: 'a notice' });
      const text = JSON.stringify(notice()?.data);
      for (const [atOnce, times] of took) {
        times.push(await timeToBroadcast(client, { userIds, text, atOnce }));
      }
      await sleep(SETTLE_MS);
    },
    /** Of the faster way: a ceiling is what can be reached. */
    medianMs: () => Math.min(...[...took.values()].map((times) => spreadOf(times).median)),
    close: () => client.close(),
  };
}
