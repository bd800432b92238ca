import { BUDGETS } from '../budgets.ts';
import type { ScenarioName } from '../scenarios/names.ts';
import { consumer } from './consumer.ts';
import type { Contender } from './contender.ts';
import { dualWrite } from './dual-write.ts';
import { jobPerRow } from './job-per-row.ts';
import { rov } from './rov.ts';
import { skipLocked } from './skip-locked.ts';

/**
 * Who takes part in a scenario. Each run begins with another one, so that nobody always has the fresh machine.
 */
export function takingPart(options: {
  scenario: ScenarioName;
  /** Also those that no budget names. */
  everybody: boolean;
  isRealCentrifugo: boolean;
  run: number;
}): Contender[] {
  const { scenario, everybody, isRealCentrifugo, run } = options;
  const all = [rov, consumer, dualWrite, jobPerRow, skipLocked].filter(
    (one) =>
      (isRealCentrifugo || one !== consumer) &&
      (everybody || one === rov || isReference(scenario, one)),
  );
  const first = run % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

function isReference(scenario: ScenarioName, { name }: Contender): boolean {
  return BUDGETS.some((budget) => budget.scenario === scenario && budget.reference === name);
}
