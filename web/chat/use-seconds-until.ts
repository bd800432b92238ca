import { useCallback, useSyncExternalStore } from 'react';

/** The seconds that are left, rounded up; 0 once the time (milliseconds since the epoch) has come. */
export function useSecondsUntil(until: number): number {
  const watch = useCallback((listener: () => void) => watchUntil(until, listener), [until]);
  return useSyncExternalStore(watch, () => secondsUntil(until));
}

function watchUntil(until: number, listener: () => void): () => void {
  const timer = setInterval(look, 250);
  function look() {
    listener();
    if (secondsUntil(until) === 0) clearInterval(timer);
  }
  return () => clearInterval(timer);
}

function secondsUntil(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
