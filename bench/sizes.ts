/** How much of everything a run measures. */
export type Sizes = {
  catchUp: { conversations: number; membersEach: number; messagesEach: number };
  pipeline: {
    conversations: number;
    rates: readonly number[];
    warmUpMs: number;
    measureMs: number;
  };
  post: { conversations: number; perSecond: number; warmUpMs: number; measureMs: number };
  fanOut: { groups: readonly number[]; sendsEach: number };
  heldSnapshot: { perSecond: number; loadMs: number; backlog: number };
  fairness: { rowsAhead: number };
  /** Also those that no budget names. */
  everybody: boolean;
};

const FULL: Sizes = {
  catchUp: { conversations: 1_000, membersEach: 5, messagesEach: 100 },
  pipeline: {
    conversations: 50,
    rates: [100, 500, 1_500, 3_000],
    warmUpMs: 3_000,
    measureMs: 10_000,
  },
  post: { conversations: 50, perSecond: 500, warmUpMs: 3_000, measureMs: 6_000 },
  fanOut: { groups: [10, 1_000, 10_000, 100_000], sendsEach: 5 },
  heldSnapshot: { perSecond: 1_500, loadMs: 60_000, backlog: 20_000 },
  fairness: { rowsAhead: 100_000 },
  everybody: true,
};

/** What fits into two minutes: less of the same, and nobody but those who are compared with. */
const QUICK: Sizes = {
  catchUp: { conversations: 1_000, membersEach: 5, messagesEach: 15 },
  pipeline: { conversations: 50, rates: [500, 1_500, 3_000], warmUpMs: 700, measureMs: 2_000 },
  post: { conversations: 50, perSecond: 500, warmUpMs: 1_000, measureMs: 2_000 },
  fanOut: { groups: [10, 100_000], sendsEach: 3 },
  heldSnapshot: { perSecond: 1_500, loadMs: 4_000, backlog: 5_000 },
  fairness: { rowsAhead: 10_000 },
  everybody: false,
};

/**
 * `scale` below 1 makes rows, groups and times smaller, for who works on the bench itself: such figures say nothing.
 * Rates stay, unless others are given.
 */
export function sizesOf(wanted: {
  quick: boolean;
  scale: number;
  rates?: readonly number[] | undefined;
}): Sizes {
  const { catchUp, pipeline, post, fanOut, heldSnapshot, fairness, everybody } = wanted.quick
    ? QUICK
    : FULL;
  const scaled = (count: number): number => Math.max(1, Math.round(count * wanted.scale));
  const rows = (count: number): number => Math.max(100, scaled(count));
  const ms = (time: number): number => Math.max(500, scaled(time));
  return {
    catchUp: { ...catchUp, messagesEach: Math.max(5, scaled(catchUp.messagesEach)) },
    pipeline: {
      ...pipeline,
      rates: wanted.rates ?? pipeline.rates,
      warmUpMs: ms(pipeline.warmUpMs),
      measureMs: ms(pipeline.measureMs),
    },
    post: { ...post, warmUpMs: ms(post.warmUpMs), measureMs: ms(post.measureMs) },
    fanOut: { ...fanOut, groups: fanOut.groups.map((group) => Math.max(10, scaled(group))) },
    heldSnapshot: {
      ...heldSnapshot,
      loadMs: ms(heldSnapshot.loadMs),
      backlog: rows(heldSnapshot.backlog),
    },
    fairness: { rowsAhead: rows(fairness.rowsAhead) },
    everybody,
  };
}
