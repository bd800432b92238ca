import type { ScenarioName } from './scenarios/names.ts';

/** A promised ratio: ours by the reference's, of the same run. */
export type Budget = {
  scenario: ScenarioName;
  /** The reading that is compared. */
  what: string;
  /** Whose reading of that name is the reference. */
  reference: string;
} & ({ atLeast: number } | { atMost: number });

const CONSUMER = 'Centrifugo consumer';
const DUAL_WRITE = 'dual write';

export const BUDGETS: readonly Budget[] = [
  { scenario: 'catch-up', what: 'catch-up', reference: CONSUMER, atLeast: 1.3 },
  { scenario: 'catch-up', what: 'catch-up', reference: DUAL_WRITE, atLeast: 1.3 },
  {
    scenario: 'catch-up',
    what: 'catch-up, one channel a row',
    reference: CONSUMER,
    atLeast: 1.3,
  },
  { scenario: 'pipeline', what: 'pipeline at 500/s, p50', reference: CONSUMER, atMost: 1.8 },
  { scenario: 'pipeline', what: 'pipeline at 1500/s, p99', reference: CONSUMER, atMost: 0.5 },
  { scenario: 'pipeline', what: 'pipeline at 3000/s, p99', reference: CONSUMER, atMost: 0.05 },
  { scenario: 'post', what: 'POST to client, p50', reference: DUAL_WRITE, atMost: 1.8 },
  { scenario: 'post', what: 'POST to client, p99', reference: DUAL_WRITE, atMost: 2 },
  { scenario: 'post', what: 'POST to answer, p50', reference: DUAL_WRITE, atMost: 0.8 },
  {
    scenario: 'fan-out',
    what: 'answer, largest group',
    reference: 'rov, smallest group',
    atMost: 2,
  },
  {
    scenario: 'fan-out',
    what: 'delivery, largest group',
    reference: 'broadcast ceiling',
    atLeast: 0.8,
  },
  {
    scenario: 'held-snapshot',
    what: 'drain beside a held snapshot',
    reference: 'rov, no snapshot',
    atLeast: 0.8,
  },
  {
    scenario: 'fairness',
    what: 'wait behind a busy conversation',
    reference: 'rows ahead / drain rate',
    atMost: 1.25,
  },
];
