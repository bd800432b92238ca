import { chatChannel, conversationChannel } from '@rov/realtime';

import type { AcknowledgedSend } from '../harness/verdict.ts';

/** Somebody's socket, before anything is made of what came in. */
export type WireWitness = {
  name: string;
  person: { id: string };
  conversations: readonly string[];
  /** In the order of arrival, repeats included. */
  raw: readonly { channel: string; data: Record<string, unknown> }[];
};

/**
 * What the sockets brought, where `judge` looks at what users saw. A good client reads again when it notices a gap, so
 * a server that loses or mixes up events may look well to a user; here it does not.
 */
export type WireVerdict = {
  /** Acknowledged, and its event never came over the wire to that channel of that witness. */
  unheard: string[];
  /** Came for the first time behind a later event of its conversation, on the same channel. */
  outOfOrder: string[];
  /** Came more than once to the same channel of a witness. */
  duplicates: number;
};

/** Pure. Witnesses listen to `conversation:{id}` of each of their conversations and to their own `chat:{userId}`. */
export function judgeWire(
  sends: readonly AcknowledgedSend[],
  witnesses: readonly WireWitness[],
): WireVerdict {
  const verdict: WireVerdict = { unheard: [], outOfOrder: [], duplicates: 0 };
  for (const witness of witnesses) {
    for (const conversationId of witness.conversations) {
      for (const channel of [conversationChannel(conversationId), chatChannel(witness.person.id)]) {
        const events = witness.raw
          .filter((one) => one.channel === channel)
          .map(({ data }) => data)
          .filter((data) => data['conversationId'] === conversationId);
        const told = (what: unknown): string => `${witness.name}: ${String(what)} on ${channel}`;

        const heard = new Set(events.map(clientIdOf));
        verdict.unheard.push(
          ...sends
            .filter((send) => send.conversationId === conversationId && !heard.has(send.clientId))
            .map(({ clientId }) => told(clientId)),
        );
        const found = compare(events);
        verdict.outOfOrder.push(...found.outOfOrder.map(told));
        verdict.duplicates += found.duplicates;
      }
    }
  }
  return verdict;
}

/** Of one channel and conversation: which events came behind later ones, and how many were repeats. */
export function compare(events: readonly Record<string, unknown>[]): {
  outOfOrder: string[];
  duplicates: number;
} {
  const known = new Set<unknown>();
  const outOfOrder: string[] = [];
  let duplicates = 0;
  let highest = 0;
  for (const event of events) {
    if (known.has(event['eventId'])) {
      duplicates += 1;
      continue;
    }
    known.add(event['eventId']);
    // Not every event has a number of its conversation: what somebody has read has none.
    if (typeof event['ev'] !== 'number') continue;
    if (event['ev'] < highest) outOfOrder.push(`ev ${event['ev']} behind ${highest}`);
    highest = Math.max(highest, event['ev']);
  }
  return { outOfOrder, duplicates };
}

/** Of the message that an event announces: whole on `conversation:*`, in short on `chat:*`. */
function clientIdOf(event: Record<string, unknown>): unknown {
  if (event['type'] === 'new_message') return event['clientId'];
  const message = event['message'] as { clientId?: unknown } | undefined;
  return message?.clientId;
}
