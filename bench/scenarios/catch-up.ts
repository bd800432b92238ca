import type { TestDatabase } from '../../test/harness/database.ts';
import { setAside, writeBacklog } from '../backlog.ts';
import type { Contender } from '../contenders/contender.ts';
import { dualWrite } from '../contenders/dual-write.ts';
import type { Context } from '../context.ts';
import { LISTENER, makeGroups } from '../groups.ts';
import type { Group } from '../groups.ts';
import { onBed } from '../on-bed.ts';
import { heardAtSink } from '../sink.ts';
import { withTemplate } from '../template.ts';
import { startWitness } from '../witness.ts';

type Sql = TestDatabase['sql'];

/** Groups whose every message is awaited at a socket. */
const LISTENED_TO = 20;
/** Other groups, whose messages come first and are not counted: whoever ran before an outage was warm. */
const WARM_UP = { groups: 100, messagesEach: 30 };

type Kind = { what: string; on: readonly ('conversation' | 'chat')[] };

const WHOLE: Kind = { what: 'catch-up', on: ['conversation', 'chat'] };
const ONE_CHANNEL: Kind = { what: 'catch-up, one channel a row', on: ['conversation'] };

/**
 * How fast a backlog is delivered, from the word until Centrifugo has acknowledged the last of it: for each message one
 * publication to its conversation and one broadcast to the `chat:*` of its members; then the publication alone.
 */
export async function catchUp(context: Context): Promise<void> {
  const { conversations, membersEach, messagesEach } = context.sizes.catchUp;
  let listened: Group[] = [];
  const fill = async (sql: Sql): Promise<void> => {
    const groups = await makeGroups(sql, {
      ...{ conversations: conversations + WARM_UP.groups, membersEach },
      listenedTo: LISTENED_TO,
    });
    await sql`DELETE FROM outbox`;
    const warmUp = groups.splice(conversations);
    await writeBacklog(sql, { groups: warmUp, messagesEach: WARM_UP.messagesEach });
    await setAside(sql, 'warm_up');
    await writeBacklog(sql, { groups, messagesEach });
    await setAside(sql, 'backlog');
    listened = groups.filter(({ hasListener }) => hasListener);
  };
  await withTemplate(context.servers, fill, async (servers) => {
    for (const contender of context.contenders) {
      await measure({ ...context, servers }, { kind: WHOLE, contender, listened });
    }
    for (const contender of context.contenders) {
      // No budget compares the two here.
      if (contender === dualWrite && !context.sizes.everybody) continue;
      await measure({ ...context, servers }, { kind: ONE_CHANNEL, contender, listened });
    }
  });
}

async function measure(
  { servers, sizes, record }: Context,
  { kind, contender, listened }: { kind: Kind; contender: Contender; listened: readonly Group[] },
): Promise<void> {
  const { conversations, messagesEach: messages } = sizes.catchUp;
  await onBed(servers, contender, async ({ database, centrifugo }, delivery) => {
    if (kind === ONE_CHANNEL) await keepOneChannel(database.sql);
    using witness = await startWitness({
      ...{ centrifugo, userId: LISTENER },
      conversationIds: listened.map(({ id }) => id),
    });
    await delivery.start();
    const warmUp = await delivery.prepareCatchUp('warm_up');
    await warmUp();
    const go = await delivery.prepareCatchUp('backlog');
    const ms = await go();
    const fault = await heardAtSink(
      witness,
      LISTENER,
      listened.map(({ id }) => ({ conversationId: id, messages, on: kind.on })),
    );
    record({
      ...{ what: kind.what, contender: contender.name, unit: 'events/s', fault },
      value: ((conversations * messages) / ms) * 1_000,
    });
  });
}

async function keepOneChannel(sql: Sql): Promise<void> {
  await sql`UPDATE warm_up SET audience = NULL, audience_payload = NULL`;
  await sql`UPDATE backlog SET audience = NULL, audience_payload = NULL`;
}
