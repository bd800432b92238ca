/** One figure of one contender, of one run. */
export type Reading = {
  /** What was measured, in the words of the budgets: `pipeline at 500/s, p50`. */
  what: string;
  contender: string;
  unit: string;
  value: number;
  /** What the sink had to complain of meanwhile; null when all was there, once and in order. */
  fault: string | null;
};

/** What one run has measured. */
export type Run = readonly Reading[];
