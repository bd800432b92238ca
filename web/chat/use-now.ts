import { useSyncExternalStore } from 'react';

const MINUTE_MS = 60_000;

/** The current minute, in milliseconds since the epoch; words like "5 min ago" stay true. */
export function useNow(): number {
  return useSyncExternalStore(eachWhile, () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
}

function eachWhile(listener: () => void) {
  const timer = setInterval(listener, MINUTE_MS / 4);
  return () => clearInterval(timer);
}
