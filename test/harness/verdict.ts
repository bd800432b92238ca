/** A send that the API acknowledged: from then on it must be heard. */
export type AcknowledgedSend = {
  conversationId: string;
  /** The sender's own id: what a person would recognise as the same message. */
  clientId: string;
  /** Its place, as the API answered it. */
  seq: number;
};

/** Somebody who should have heard everything of these conversations. */
export type Witness = {
  name: string;
  conversations: readonly string[];
  /** What they saw, in the order in which it appeared. */
  shown(conversationId: string): readonly { clientId: string }[];
  /** What the wire brought, repeats included. */
  raw: readonly { channel: string; data: Record<string, unknown> }[];
};

export type Verdict = {
  /** Acknowledged, and a witness never saw it. */
  lost: string[];
  /** Appeared behind a message that comes after it. */
  outOfOrder: string[];
  /** Appeared more than once to the same witness. */
  shownTwice: string[];
  /** Events that came over the wire more than once to the same channel of a witness: harmless, and to be counted. */
  rawDuplicates: number;
};

/** Compares what was promised with what was seen. Pure: no clock, no network, no code of the product. */
export function judge(sends: readonly AcknowledgedSend[], witnesses: readonly Witness[]): Verdict {
  const verdict: Verdict = { lost: [], outOfOrder: [], shownTwice: [], rawDuplicates: 0 };
  for (const witness of witnesses) {
    for (const conversationId of witness.conversations) {
      const promised = sends.filter((send) => send.conversationId === conversationId);
      const seen = witness.shown(conversationId).map(({ clientId }) => clientId);
      const told = (clientId: string): string =>
        `${witness.name}: ${clientId} in ${conversationId}`;
      const found = compare(promised, seen);
      verdict.lost.push(...found.lost.map(told));
      verdict.outOfOrder.push(...found.outOfOrder.map(told));
      verdict.shownTwice.push(...found.shownTwice.map(told));
    }
    verdict.rawDuplicates += countRepeats(witness.raw);
  }
  return verdict;
}

function compare(
  promised: readonly AcknowledgedSend[],
  seen: readonly string[],
): Pick<Verdict, 'lost' | 'outOfOrder' | 'shownTwice'> {
  const place = new Map(promised.map(({ clientId, seq }) => [clientId, seq]));
  const times = new Map<string, number>();
  const outOfOrder: string[] = [];
  let highest = 0;
  for (const clientId of seen) {
    const before = times.get(clientId) ?? 0;
    times.set(clientId, before + 1);
    const seq = place.get(clientId);
    if (seq === undefined || before > 0) continue;
    if (seq < highest) outOfOrder.push(clientId);
    highest = Math.max(highest, seq);
  }
  return {
    lost: promised.map(({ clientId }) => clientId).filter((clientId) => !times.has(clientId)),
    outOfOrder,
    shownTwice: [...times].filter(([, count]) => count > 1).map(([clientId]) => clientId),
  };
}

function countRepeats(raw: Witness['raw']): number {
  const known = new Set<string>();
  let repeats = 0;
  for (const { channel, data } of raw) {
    const key = `${channel} ${JSON.stringify(data['eventId'] ?? data)}`;
    if (known.has(key)) repeats += 1;
    known.add(key);
  }
  return repeats;
}
