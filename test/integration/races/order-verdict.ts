/** What of one conversation was written, told and heard; each list in the order in which its witness had it. */
export type Trail = {
  /** Of the messages, as the table has them. */
  seqs: readonly number[];
  /** Of the numbered events, by their place in Centrifugo's stream, those that still wait behind them. */
  evs: readonly number[];
  /** Of the messages in Centrifugo's history. */
  history: readonly number[];
  /** What each receiver got over the wire. */
  wires: readonly { name: string; evs: readonly number[] }[];
  /** Rows and greatest number that an onlooker saw in one snapshot: fewer rows is a hole. */
  snapshots: readonly { rows: number; highest: number }[];
  /** Every send: when it began and was answered, and the place that it got. */
  sends: readonly { startedAt: number; answeredAt: number; seq: number }[];
};

/**
 * Whether a conversation in which nothing but messages happened is dense and in order for everybody. Numbers that a
 * snapshot shows without those below were given out in another order than that of the commits. Pure.
 */
export function judgeOrder(trail: Trail): string[] {
  const { sends } = trail;
  return [
    ...dense('seq of the messages', { numbers: trail.seqs, count: sends.length }),
    ...dense('ev of the events', { numbers: trail.evs, count: sends.length }),
    ...dense('history', { numbers: trail.history, count: sends.length }),
    ...trail.wires.flatMap(({ name, evs }) => dense(name, { numbers: evs, count: sends.length })),
    ...trail.snapshots
      .filter(({ rows, highest }) => rows !== highest)
      .map(({ rows, highest }) => `a snapshot had ${rows} messages up to ${highest}`),
    ...overtaken(sends),
  ];
}

function dense(what: string, { numbers, count }: { numbers: readonly number[]; count: number }) {
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  if (wrong >= 0) return [`${what}: ${numbers[wrong]} in place ${wrong + 1}`];
  return numbers.length === count ? [] : [`${what}: ${numbers.length} of ${count}`];
}

/** Whatever was answered before another began stands before it. */
function overtaken(sends: Trail['sends']): string[] {
  return sends.flatMap((later) => {
    const earlier = sends.find(
      ({ answeredAt, seq }) => answeredAt < later.startedAt && seq >= later.seq,
    );
    return earlier ? [`${later.seq} was begun after ${earlier.seq} had been answered`] : [];
  });
}
