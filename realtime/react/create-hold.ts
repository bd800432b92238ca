/** A page that is exchanged for another, and StrictMode, let go and take up again. */
export const LINGER_MS = 1_000;

/** Begins with the first who holds it, and ends some time after the last let go. */
export function createHold({
  begin,
  end,
}: {
  begin: () => void;
  end: () => void;
}): () => () => void {
  let holders = 0;
  let going = false;
  return () => {
    holders += 1;
    if (!going) begin();
    going = true;
    return () => {
      holders -= 1;
      setTimeout(() => {
        if (holders > 0 || !going) return;
        going = false;
        end();
      }, LINGER_MS);
    };
  };
}
