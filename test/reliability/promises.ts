import type { Outcome } from './trial.ts';

/** What must be so after every fault there is. */
export const KEPT = {
  eyes: { lost: [], outOfOrder: [], shownTwice: [] },
  tables: {
    notStored: [],
    storedTwice: [],
    holes: [],
    vanished: [],
    settledTwice: [],
    waiting: 0,
    dead: 0,
  },
  givenUp: [],
  malformed: [],
};

/** And this as well, as long as Centrifugo keeps its history and the connections of the receivers. */
export const KEPT_ON_THE_WIRE = { unheard: [], outOfOrder: [], duplicates: 0 };

/** One line for whoever reads the output of a run; what is 0 goes without saying. */
export function report(name: string, { counts, givenUp, figures }: Outcome): void {
  const found = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  console.log(`${name}: ${JSON.stringify({ found, givenUp: givenUp.length, ...figures })}`);
}
