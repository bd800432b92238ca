import type { Told } from './centrifugo.ts';
import type { Outcome } from './run.ts';
import type { Subscriber } from './subscriber.ts';
import type { Committed, Tables } from './tables.ts';

/** What a run broke of what is promised; empty when all was kept. */
export function brokenPromises({ tables, subscribers }: Outcome): string[] {
  const broken: string[] = [];
  for (const subscriber of subscribers) broken.push(...brokenFor(subscriber, tables));
  for (const { id, eventId } of tables.outbox.values()) {
    broken.push(`row ${id} (${eventId}) waits, the floor is ${tables.shard.floor}`);
  }
  for (const { eventId } of tables.committed) {
    const times = tables.settled.filter((each) => each === eventId).length;
    if (times > 1) broken.push(`${eventId} was settled ${times} times`);
  }
  return broken;
}

function brokenFor({ channel, heard, read, duplicates }: Subscriber, tables: Tables): string[] {
  const broken = duplicates.map((eventId) => `${channel}: ${eventId} came twice over the wire`);
  for (const conversationId of tables.evs.keys()) {
    if (channel.startsWith('conversation:') && channel !== `conversation:${conversationId}`) {
      continue;
    }
    const known = heard.filter((event) => event.conversationId === conversationId);
    const readThrough = read.get(conversationId) ?? 0;
    for (const event of tables.committed) {
      if (event.conversationId !== conversationId || event.ev <= readThrough) continue;
      const fault = faultIn(known, event, channel);
      if (fault) broken.push(`${channel}: ${event.eventId} was ${fault}`);
    }
  }
  return broken;
}

/** On the channel of a user, which knows no versions, a repeat may come behind a later event, if a resync follows. */
function faultIn(known: readonly Told[], { ev }: Committed, channel: string): string | undefined {
  const at = known.findIndex((event) => event.ev === ev);
  const isInOrder = at >= 0 && known.slice(0, at).every((before) => before.ev < ev);
  if (isInOrder) return undefined;
  if (at >= 0 && channel.startsWith('conversation:')) return 'heard behind a later one';
  const isAnnounced = known
    .slice(at + 1)
    .some(
      ({ type, ev: later, fromSeq = Infinity }) => type === 'resync' && later > ev && fromSeq <= ev,
    );
  if (isAnnounced) return undefined;
  return at < 0 ? 'not heard' : 'heard too late';
}
