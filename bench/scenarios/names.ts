export const SCENARIOS = [
  'catch-up',
  'pipeline',
  'post',
  'fan-out',
  'held-snapshot',
  'fairness',
] as const;

export type ScenarioName = (typeof SCENARIOS)[number];
