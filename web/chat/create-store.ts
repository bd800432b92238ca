export type Store<S> = {
  get: () => S;
  /** Listeners hear of it only when `change` returns another object. */
  update: (change: (state: S) => S) => void;
  subscribe: (listener: () => void) => () => void;
  /** Whether anybody watches. */
  watched: () => boolean;
};

/** A value that React can watch with `useSyncExternalStore`. */
export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watched: () => listeners.size > 0,
  };
}
