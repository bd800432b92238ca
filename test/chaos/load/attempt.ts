import { setTimeout as sleep } from 'node:timers/promises';

import { RestProblem } from '../../harness/rest.ts';
import { isFinal } from '../witness/patient-rest.ts';

/** `unanswered`: it may have been done, or not. */
export type Outcome = 'acknowledged' | 'refused' | 'unanswered';

export type Attempt<T> = {
  outcome: Outcome;
  answer: T | null;
  /** Why it was refused. */
  refusal: RestProblem | null;
  startedAt: number;
  answeredAt: number;
  tries: number;
  /** What went wrong with the tries that got no answer. */
  problems: string[];
};

const GIVE_UP_AFTER_MS = 40_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Asks as a client does: one API after the other, with growing pauses, until somebody answers. `patience: 'none'` asks
 * once.
 */
export async function attempt<T>(
  call: (api: number) => Promise<T>,
  options: { firstApi: number; apis: number; patience?: 'none' },
): Promise<Attempt<T>> {
  const { firstApi, apis, patience } = options;
  const startedAt = performance.now();
  const problems: string[] = [];
  for (let tries = 1; ; tries += 1) {
    const asked = { startedAt, tries, problems };
    try {
      const answer = await call((firstApi + tries - 1) % apis);
      return { ...asked, outcome: 'acknowledged', answer, refusal: null, answeredAt: now() };
    } catch (error) {
      if (isFinal(error)) {
        return { ...asked, outcome: 'refused', answer: null, refusal: error, answeredAt: now() };
      }
      problems.push(problemOf(error));
    }
    if (patience === 'none' || now() - startedAt > GIVE_UP_AFTER_MS) {
      return { ...asked, outcome: 'unanswered', answer: null, refusal: null, answeredAt: now() };
    }
    await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)));
  }
}

const now = (): number => performance.now();

function problemOf(error: unknown): string {
  if (error instanceof RestProblem) return `${error.status} ${error.code}`;
  const cause = error instanceof Error ? error.cause : undefined;
  return String(cause instanceof Error && 'code' in cause ? cause.code : error);
}
