import type { Contender } from '../contenders/contender.ts';
import type { Context } from '../context.ts';
import { delaysOf, percentileMs } from '../delays.ts';
import { LISTENER, makeGroups } from '../groups.ts';
import { startAndWarmUp, underLoad } from '../load.ts';
import { onBed } from '../on-bed.ts';
import { startWitness } from '../witness.ts';

const MEMBERS_EACH = 5;
/** Groups whose messages are awaited on the listener's own channel as well as on theirs. */
const LISTENED_TO = 5;

/**
 * From the call that stores a message to its event on a WebSocket, at several rates, with HTTP left out: what the way
 * from Postgres to the socket costs. One socket hears all groups.
 */
export async function pipeline(context: Context): Promise<void> {
  for (const contender of context.contenders) await measure(context, contender);
}

async function measure({ servers, sizes, record }: Context, contender: Contender): Promise<void> {
  const { conversations, rates, warmUpMs, measureMs } = sizes.pipeline;
  await onBed(servers, contender, async ({ database, centrifugo }, delivery) => {
    const wanted = { conversations, membersEach: MEMBERS_EACH, listenedTo: LISTENED_TO };
    const groups = await makeGroups(database.sql, wanted);
    await startAndWarmUp(delivery, groups[0]!);
    const conversationIds = groups.map(({ id }) => id);
    using witness = await startWitness({ centrifugo, userId: LISTENER, conversationIds });
    for (const perSecond of rates) {
      const load = { delivery, witness, groups, perSecond };
      const loaded = await underLoad({ ...load, ms: warmUpMs + measureMs });
      const counted = loaded.sent.slice((warmUpMs / 1_000) * perSecond);
      const delays = delaysOf(counted, loaded.heard, loaded.clientIdOf);
      for (const percent of [50, 99]) {
        record({
          what: `pipeline at ${perSecond}/s, p${percent}`,
          ...{ contender: contender.name, unit: 'ms', fault: loaded.fault },
          value: percentileMs(delays, percent),
        });
      }
    }
  });
}
