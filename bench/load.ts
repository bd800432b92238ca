import type { Delivery } from './contenders/contender.ts';
import { LISTENER } from './groups.ts';
import type { Group } from './groups.ts';
import { sendSteadily } from './pace.ts';
import type { Sent } from './pace.ts';
import { heardAtSink } from './sink.ts';
import { whenQuiet } from './when-quiet.ts';
import type { Heard, Witness } from './witness.ts';

const WARM_UP_SENDS = 300;

/**
 * Starts what delivers and lets it deliver what there is, then some messages into one group: whoever is measured first
 * is not to be slower for it.
 */
export async function startAndWarmUp(delivery: Delivery, group: Group): Promise<void> {
  await delivery.start();
  for (let n = 0; n < WARM_UP_SENDS; n += 1) {
    await delivery.send({ ...inGroup(group), clientId: `warm-up-${n}` });
  }
  await whenQuiet(delivery.isQuiet);
}

/** Where a group's owner writes. */
export function inGroup({ id, ownerId }: Group): { conversationId: string; senderId: string } {
  return { conversationId: id, senderId: ownerId };
}

export type Loaded = {
  sent: Sent[];
  /** What the sender of the nth message calls it. */
  clientIdOf: (n: number) => string;
  heard: readonly Heard[];
  fault: string | null;
};

/** Sends into all groups in turn, and waits until the last of it has come to the sockets. */
export async function underLoad(load: {
  delivery: Pick<Delivery, 'send'>;
  witness: Witness;
  groups: readonly Group[];
  perSecond: number;
  ms: number;
}): Promise<Loaded> {
  const { delivery, witness, groups, perSecond, ms } = load;
  const clientIdOf = (n: number): string => `at-${perSecond}-${n}`;
  const targets = groups.map(inGroup);
  const send = (n: number) =>
    delivery.send({ ...targets[n % targets.length]!, clientId: clientIdOf(n) });
  witness.beginAnew();
  const sent = await sendSteadily({ perSecond, ms, send });
  const fault = await heardAtSink(
    witness,
    LISTENER,
    groups.map(({ id, hasListener }, place) => ({
      conversationId: id,
      messages: Math.ceil((sent.length - place) / groups.length),
      on: hasListener ? ['conversation', 'chat'] : ['conversation'],
    })),
  );
  return { sent, clientIdOf, heard: witness.heard(), fault };
}
