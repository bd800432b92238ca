export type Turns = {
  /** Resolves when it is one's turn, with the way to give it back. Undefined when that took too long. */
  take: (patienceMs: number) => Promise<(() => void) | undefined>;
};

/** So many at once; whoever comes then waits, the first first. */
export function createTurns(atOnce: number): Turns {
  const waiting = new Set<(turn: () => void) => void>();
  let free = atOnce;

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next(turn());
  }

  function turn(): () => void {
    let isMine = true;
    return () => {
      if (isMine) giveBack();
      isMine = false;
    };
  }

  return {
    take: (patienceMs) => {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(turn());
      }
      return new Promise((resolve) => {
        const come = (mine?: () => void): void => {
          waiting.delete(come);
          clearTimeout(impatience);
          resolve(mine);
        };
        const impatience = setTimeout(come, patienceMs);
        waiting.add(come);
      });
    },
  };
}
