/** A page that is exchanged for another, and StrictMode, let go and take up again. */
export const LINGER_MS = 1_000;

/** Begins with the first who holds it, and ends some time after the last let go. */
export function createHold<Given extends unknown[]>(
  /** Returns the way to end. */
  begin: (...given: Given) => () => void,
  { lingerMs = LINGER_MS }: { lingerMs?: number } = {},
): (...given: Given) => () => void {
  let holders = 0;
  let end: (() => void) | undefined;
  return (...given) => {
    holders += 1;
    end ??= begin(...given);
    return () => {
      holders -= 1;
      setTimeout(() => {
        if (holders > 0) return;
        end?.();
        end = undefined;
      }, lingerMs);
    };
  };
}
