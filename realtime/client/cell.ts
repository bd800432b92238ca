/** One value that can be read and watched, in the shape that `useSyncExternalStore` takes. */
export interface Cell<T> {
  get: () => T;
  set: (value: T) => void;
  /** Calls back after each change. Returns the way to stop. */
  watch: (listener: () => void) => () => void;
}

export function createCell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
