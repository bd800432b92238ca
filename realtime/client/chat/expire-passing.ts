import type { ChatStore } from './create-store.ts';

/** Ends what holds for some seconds only, when its time is over. */
export function createExpiry({ store }: { store: ChatStore }) {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look() {
    clearTimeout(timer);
    const ends = Object.values(store.get().rooms).flatMap(({ typing, viewing }) =>
      Object.values(typing).concat(Object.values(viewing)),
    );
    if (ends.length === 0) return;
    const leftMs = Math.max(0, Math.min(...ends) - Date.now());
    timer = setTimeout(() => store.dispatch({ type: 'tick', now: Date.now() }), leftMs);
  }

  return { look, stop: () => clearTimeout(timer) };
}
