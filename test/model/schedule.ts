import { AsyncLocalStorage } from 'node:async_hooks';

import * as fc from 'fast-check';

/** One step of somebody: it comes when the schedule says so, and others come before and after it. */
export type Step = (label: string) => Promise<void>;

/** Who goes next, of those who wait then, and how many steps at a stretch. */
export type Plan = readonly { who: number; steps: number }[];

export type Schedule = {
  step: Step;
  /** Steps taken inside are this actor's. */
  as: <T>(actor: string, work: () => T) => T;
  toTheEnd: () => Promise<void>;
  /** Every step that was taken, in order. */
  trace: string[];
};

/** More than any run has that comes to an end. */
const MOST_STEPS = 5_000;

const actors = new AsyncLocalStorage<string>();

/**
 * A few steps of one, then a few of another: what goes wrong needs one to stand still while others go far, more often
 * than it needs a fine mixture.
 */
export const plan: fc.Arbitrary<Plan> = fc.array(
  fc.record({ who: fc.nat(5), steps: fc.constantFrom(1, 2, 3, 5) }),
  { maxLength: 40, size: 'max' },
);

/** Until everybody waits for a step. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Once the plan is used up, whoever has waited longest goes as far as it can. */
export function createSchedule(plan: Plan): Schedule {
  const trace: string[] = [];
  const waiting: { actor: string; label: string; go: () => void }[] = [];
  let next = 0;
  let stretch = { actor: '', steps: 0 };

  function pick(): number {
    if (stretch.steps > 0) {
      const same = waiting.findIndex(({ actor }) => actor === stretch.actor);
      if (same >= 0) return same;
    }
    const turn = plan[next];
    next += 1;
    const index = turn === undefined ? 0 : turn.who % waiting.length;
    stretch = { actor: waiting[index]!.actor, steps: turn?.steps ?? Infinity };
    return index;
  }

  return {
    trace,
    as: (actor, work) => actors.run(actor, work),
    step: (label) =>
      new Promise((go) => waiting.push({ actor: actors.getStore() ?? 'the world', label, go })),
    async toTheEnd() {
      await quiet();
      while (waiting.length > 0) {
        if (trace.length > MOST_STEPS) throw new Error('this goes on for ever');
        const [{ actor, label, go }] = waiting.splice(pick(), 1) as [(typeof waiting)[number]];
        stretch.steps -= 1;
        trace.push(`${actor} ${label}`);
        go();
        await quiet();
      }
    },
  };
}
