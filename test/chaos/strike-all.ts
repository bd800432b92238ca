import { setTimeout as sleep } from 'node:timers/promises';

import { NotOurs } from '../../embedded/server.ts';
import type { Evidence, Fault, Field } from './faults/fault.ts';
import { seeded } from './random.ts';
import { CALM_MS } from './schedule.ts';
import type { Occurrence, Schedule } from './schedule.ts';

/** A fault that was let loose. Times are `performance.now()`. */
export type Strike = Evidence & {
  fault: string;
  plannedAtMs: number;
  from: number;
  to: number;
  /** Why it could not do what it should. */
  error?: string;
  /** It needs a signal to a server that has no process here: no fault of the run. */
  isOutOfReach?: boolean;
};

/**
 * Lets the faults loose at their times, those of one list one after the other. One that takes longer, because what it
 * killed is slow to start, makes those behind it late: there is calm before each of them.
 */
export async function strikeAll(options: Blows & Pick<Schedule, 'hands'>): Promise<Strike[]> {
  const strikes = await Promise.all(options.hands.map((hand) => strikeInTurn(hand, options)));
  return strikes.flat().toSorted((one, other) => one.from - other.from);
}

type Blows = {
  faults: readonly Fault[];
  field: Field;
  /** When the load began. */
  began: number;
  interrupted: AbortSignal;
  onBegin: (fault: string) => void;
  onEnd: (strike: Strike) => void;
};

async function strikeInTurn(occurrences: readonly Occurrence[], options: Blows): Promise<Strike[]> {
  const { faults, field, began, interrupted } = options;
  const hold = (ms: number): Promise<void> => sleep(ms, undefined, { signal: interrupted });
  const strikes: Strike[] = [];
  for (const { fault: name, atMs, lastsMs, seed } of occurrences) {
    const calmUntil = (strikes.at(-1)?.to ?? began) + CALM_MS[0];
    await hold(Math.max(0, Math.max(began + atMs, calmUntil) - performance.now()));
    const fault = faults.find((one) => one.name === name)!;
    options.onBegin(name);
    const from = performance.now();
    const evidence = await fault
      .strike(field, { lastsMs, random: seeded(seed), hold })
      .catch((error: unknown) => {
        interrupted.throwIfAborted();
        const isOutOfReach = error instanceof NotOurs;
        return { struck: 0, words: 'nothing', error: String(error), isOutOfReach };
      });
    const strike = { ...evidence, fault: name, plannedAtMs: atMs, from, to: performance.now() };
    strikes.push(strike);
    options.onEnd(strike);
  }
  return strikes;
}
