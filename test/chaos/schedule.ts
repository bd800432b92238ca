import { seeded } from './random.ts';

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
  occurrences: Occurrence[];
  /** Asked for, and not in it: there was no time, or the engine is the other one. */
  leftOut: string[];
};

export const FEWEST_SECONDS = 10;

/** All is well for so long at the beginning, at the end, and between two faults, so that each has its own recovery. */
export const WARM_UP_MS = 2_500;
export const TAIL_MS = 2_000;
export const CALM_MS = [1_500, 3_500] as const;

/**
 * Which fault strikes when: decided by the arguments and nothing else. No two overlap, every fault has its turn before
 * one comes again, and the engine is the one that the faults need, else the seed's choice.
 */
export function scheduleOf(asked: {
  seed: number;
  seconds: number;
  faults: readonly Schedulable[];
  /** With `some`, faults that need the other engine than the seed's are left out. */
  fit: 'all' | 'some';
}): Schedule {
  const { seed, seconds, faults } = asked;
  const random = seeded(seed);
  const bySeed = random.pick<Engine>(['memory', 'redis']);
  const needed = new Set(faults.flatMap(({ engine }) => engine ?? []));
  const [only] = needed;
  const engine = asked.fit === 'all' && only ? only : bySeed;
  const fitting = faults.filter((fault) => (fault.engine ?? engine) === engine);
  if (asked.fit === 'all' && fitting.length < faults.length)
    throw new Error('these faults need both engines, and a run has one');

  const occurrences: Occurrence[] = [];
  let atMs = WARM_UP_MS;
  let deck: Schedulable[] = [];
  for (;;) {
    if (deck.length === 0) deck = random.shuffled(fitting);
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
  const scheduled = new Set(occurrences.map(({ fault }) => fault));
  return {
    engine,
    occurrences,
    leftOut: faults.map(({ name }) => name).filter((name) => !scheduled.has(name)),
  };
}
