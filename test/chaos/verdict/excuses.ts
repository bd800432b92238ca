/** What faults did that makes a finding the expected one. Times are `performance.now()`. */
export type Excuses = {
  /** When Centrifugo forgot what it had published: a repeat across such a time is new to it. */
  engineLost: { from: number; to: number }[];
  /**
   * What was not done while Centrifugo did what stood behind it in the same page, as `channel eventId`: on a channel
   * without a fence its repeat comes behind its successors.
   */
  heldBack: Set<string>;
};

export function noExcuses(): Excuses {
  return { engineLost: [], heldBack: new Set() };
}
