/** Where the middle of some figures lies, and how far they reach. */
export type Spread = { median: number; lowest: number; highest: number };

/** Of an even number the median is halfway between the two in the middle. Not of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  const [lowest] = sorted;
  const highest = sorted.at(-1);
  if (upper === undefined || lower === undefined || lowest === undefined || highest === undefined) {
    throw new RangeError('no figures');
  }
  return { median: (lower + upper) / 2, lowest, highest };
}
