/** What faults did that makes a finding the expected one. Times are `performance.now()`. */
export type Excuses = {
  /** When Centrifugo forgot what it had published: a repeat across such a time is new to it. */
  engineLost: { from: number; to: number }[];
  /**
   * What a front kept from being done while Centrifugo did what stood behind it, as `channel eventId`: on a channel
   * without a fence it comes behind its successors.
   */
  heldBack: Set<string>;
};

export function noExcuses(): Excuses {
  return { engineLost: [], heldBack: new Set() };
}
