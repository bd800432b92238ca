/** What delivery relies on, so that each can be taken away. */
export type Rules = {
  /** A drain that takes a shard leaves its name there until it has settled its last page. */
  leavesName: boolean;
  /** How much of what waits is in doubt when another name is found there. */
  doubts: 'whatever waits' | 'two pages';
  /** The floor rises only to what was noted before, and only behind its gate. */
  gated: boolean;
  /** What must have ended before the gate opens: whatever began before the settle that noted it, or before its `xmax`. */
  gate: 'own transaction' | 'xmax';
  /** A settle locks the row of its shard before it reads it. */
  settlesInTurn: boolean;
  settlesBy: 'ids' | 'range';
  /** Rows that were sent before without a clear answer are followed by a resync once they are acknowledged. */
  resyncsAfterDoubt: boolean;
};

export const SOUND: Rules = {
  leavesName: true,
  doubts: 'whatever waits',
  gated: true,
  gate: 'own transaction',
  settlesInTurn: true,
  settlesBy: 'ids',
  resyncsAfterDoubt: true,
};
