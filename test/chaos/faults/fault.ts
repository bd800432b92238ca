import type { Ground } from '../ground.ts';
import type { Cast } from '../load/cast.ts';
import type { Load } from '../load/load.ts';
import type { Random } from '../random.ts';
import type { Schedulable } from '../schedule.ts';

/** Everything that a fault may lay hands on. */
export type Field = Ground & { cast: Cast; load: Load };

export type Occasion = {
  lastsMs: number;
  random: Random;
  /** Waits; rejects when the run is interrupted. */
  hold: (ms: number) => Promise<void>;
};

/** How often a fault really struck, and by which sign that is known. */
export type Evidence = { struck: number; words: string };

export type Fault = Schedulable & {
  /** For people, in one line. */
  about: string;
  /** Breaks something and resolves once it is whole again, whatever happens in between. */
  strike: (field: Field, occasion: Occasion) => Promise<Evidence>;
};

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
