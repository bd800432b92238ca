/** Holds a lock that all tabs of the browser share, from when it is free until the returned function is called. */
export function holdLock(
  name: string,
  { mode, onHeld = () => {} }: { mode: LockMode; onHeld?: () => void },
): () => void {
  const end = new AbortController();
  const { signal } = end;
  const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
  const held = navigator.locks.request(name, { mode, signal }, async () => {
    if (!signal.aborted) onHeld();
    await ended;
  });
  held.catch((error: unknown) => {
    // Whoever ends before the lock was free has what they want.
    if (!signal.aborted) throw error;
  });
  return () => end.abort();
}

/** Does it now, unless any tab holds the lock. */
export async function unlessHeld(name: string, act: () => void): Promise<void> {
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock !== null) act();
  });
}
