/** What was measured of both sides in one run, and the ratio that is promised. */
export type Measured = {
  name: string;
  unit: string;
  ours: number;
  reference: number;
  /** What the reference is. */
  against: string;
  /** `ours / reference` has to be at least, or at most, this. */
  budget: { atLeast: number } | { atMost: number };
};

export type Line = { text: string; kept: boolean };

/** One line per budget. An absolute figure never decides: machines differ, the ratio of one run hardly does. */
export function lineOf({ name, unit, ours, reference, against, budget }: Measured): Line {
  const ratio = ours / reference;
  const kept = 'atLeast' in budget ? ratio >= budget.atLeast : ratio <= budget.atMost;
  const promised = 'atLeast' in budget ? `>=${budget.atLeast}` : `<=${budget.atMost}`;
  const text = [
    name,
    `ours=${readable(ours)} ${unit}`,
    `reference=${readable(reference)} ${unit} (${against})`,
    `ratio=${ratio.toFixed(2)}`,
    `budget=${promised}`,
    kept ? 'pass' : 'FAIL',
  ].join(' ');
  return { text, kept };
}

function readable(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}
