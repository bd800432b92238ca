import { seeded } from './random.ts';
import type { Random } from './random.ts';

export type Engine = 'memory' | 'redis';

/** What the schedule has to know of a fault. */
export type Schedulable = {
  name: string;
  /** The shortest and the longest time for which it holds, in ms. */
  lastsMs: readonly [number, number];
  /** Where Centrifugo must keep its state for it; either will do unless said. */
  engine?: Engine;
};

export type Occurrence = {
  fault: string;
  /** From the beginning of the load. One that follows a fault that took longer than planned comes later. */
  atMs: number;
  lastsMs: number;
  /** Whatever else the fault leaves to chance. */
  seed: number;
};

export type Schedule = {
  engine: Engine;
  /** What strikes one after the other; of several lists each goes its own way, beside the others. */
  hands: Occurrence[][];
  /** Asked for, and not in it: there was no time, or the engine is the other one. */
  leftOut: string[];
};

export const FEWEST_SECONDS = 10;

/** All is well for so long at the beginning, at the end, and between two faults, so that each has its own recovery. */
export const WARM_UP_MS = 2_500;
export const TAIL_MS = 2_000;
export const CALM_MS = [1_500, 3_500] as const;

/**
 * Which fault strikes when: decided by the arguments and nothing else. No two of one list overlap, every fault has its
 * turn before one of its list comes again, and the engine is the one that the faults need, else the seed's choice.
 */
export function scheduleOf(asked: {
  seed: number;
  seconds: number;
  hands: readonly (readonly Schedulable[])[];
  /** With `some`, faults that need the other engine than the seed's are left out. */
  fit: 'all' | 'some';
}): Schedule {
  const { seed, seconds } = asked;
  const faults = asked.hands.flat();
  const random = seeded(seed);
  const bySeed = random.pick<Engine>(['memory', 'redis']);
  const needed = new Set(faults.flatMap(({ engine }) => engine ?? []));
  const [only] = needed;
  const engine = asked.fit === 'all' && only ? only : bySeed;
  const fits = (fault: Schedulable): boolean => (fault.engine ?? engine) === engine;
  if (asked.fit === 'all' && !faults.every(fits))
    throw new Error('these faults need both engines, and a run has one');

  const hands = asked.hands.map((hand) => inTurn(hand.filter(fits), { random, seconds }));
  const scheduled = new Set(hands.flat().map(({ fault }) => fault));
  return {
    engine,
    hands,
    leftOut: faults.map(({ name }) => name).filter((name) => !scheduled.has(name)),
  };
}

/** All that are in a schedule, by their times. */
export function occurrencesOf({ hands }: Pick<Schedule, 'hands'>): Occurrence[] {
  return hands.flat().toSorted((one, other) => one.atMs - other.atMs);
}

function inTurn(
  faults: readonly Schedulable[],
  { random, seconds }: { random: Random; seconds: number },
): Occurrence[] {
  const occurrences: Occurrence[] = [];
  let atMs = WARM_UP_MS;
  let deck: Schedulable[] = [];
  for (;;) {
    if (deck.length === 0) deck = random.shuffled(faults);
    const fault = deck.shift();
    if (!fault) break;
    const lastsMs = random.between(...fault.lastsMs);
    const end = atMs + lastsMs;
    const next = random.between(0, 2 ** 31 - 1);
    const calm = random.between(...CALM_MS);
    if (end + TAIL_MS > seconds * 1_000) break;
    occurrences.push({ fault: fault.name, atMs, lastsMs, seed: next });
    atMs = end + calm;
  }
  return occurrences;
}
