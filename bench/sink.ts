import { chatChannel, conversationChannel } from '@rov/realtime';

import { compare } from '../test/reliability/wire-verdict.ts';
import type { Heard, Witness } from './witness.ts';

/** What must have come to the socket of one conversation. */
export type Promised = {
  conversationId: string;
  messages: number;
  /** The channels on which each of them comes once. */
  on: readonly ('conversation' | 'chat')[];
};

/** What was wrong with what came, in numbers of announcements. */
export type Fault = { missing: number; outOfOrder: number; twice: number };

/** Waits for what was promised, and says what was wrong with it; null where nothing was. */
export async function heardAtSink(
  witness: Witness,
  userId: string,
  promised: readonly Promised[],
): Promise<string | null> {
  const count = promised.reduce((sum, { messages, on }) => sum + messages * on.length, 0);
  const judged = () => judgeSink({ heard: witness.heard(), userId, promised });
  await witness.waitFor(count);
  // Repeats fill up the count: what is missing beside them may still come.
  if (judged().missing > 0) await witness.waitFor(Infinity);
  return wordsFor(judged());
}

/** Pure. Order is that of the commits, which number the events of a conversation. */
export function judgeSink(parts: {
  heard: readonly Heard[];
  userId: string;
  promised: readonly Promised[];
}): Fault {
  const lanes = Map.groupBy(parts.heard, ({ channel, data }) =>
    laneOf(channel, data['conversationId']),
  );
  const fault: Fault = { missing: 0, outOfOrder: 0, twice: 0 };
  for (const { conversationId, messages, on } of parts.promised) {
    for (const kind of on) {
      const channel =
        kind === 'chat' ? chatChannel(parts.userId) : conversationChannel(conversationId);
      const came = (lanes.get(laneOf(channel, conversationId)) ?? []).map(({ data }) => data);
      const { outOfOrder, duplicates } = compare(came);
      fault.outOfOrder += outOfOrder.length;
      fault.twice += duplicates;
      fault.missing += Math.max(0, messages - (came.length - duplicates));
    }
  }
  return fault;
}

function laneOf(channel: string, conversationId: unknown): string {
  return `${channel} ${String(conversationId)}`;
}

export function wordsFor({ missing, outOfOrder, twice }: Fault): string | null {
  const words = [
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(outOfOrder > 0 ? [`${outOfOrder} out of order`] : []),
    ...(twice > 0 ? [`${twice} twice`] : []),
  ];
  return words.length === 0 ? null : words.join(', ');
}
