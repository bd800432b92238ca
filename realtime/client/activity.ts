export type Activity = 'active' | 'idle';

/** The parts of a page that tell of its user; `window` and `document` in a browser. */
export interface Page {
  window: EventTarget;
  document: EventTarget & { readonly visibilityState: string };
}

interface ActivityOptions {
  page: Page;
  /** Without input for so long, the user counts as idle. */
  idleAfterMs: number;
  onChange: (activity: Activity) => void;
}

const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Watches whether somebody is there. A hidden page gets no input and so becomes idle in the same time:
 * a short look at another tab does not make anybody away. Coming back to the page counts as input.
 */
export function watchActivity({ page, idleAfterMs, onChange }: ActivityOptions) {
  let activity: Activity = 'active';
  let lastInputMs = Date.now();
  let timer = setTimeout(look, idleAfterMs);

  function input() {
    lastInputMs = Date.now();
    if (activity === 'idle') become('active');
  }

  /** Input only notes the time, for there is much of it; the timer looks how old the note is. */
  function look() {
    const leftMs = lastInputMs + idleAfterMs - Date.now();
    if (leftMs > 0) timer = setTimeout(look, leftMs);
    else become('idle');
  }

  function become(next: Activity) {
    activity = next;
    if (next === 'active') timer = setTimeout(look, idleAfterMs);
    onChange(next);
  }

  function visibility() {
    if (page.document.visibilityState === 'visible') input();
  }

  for (const name of INPUTS)
    page.window.addEventListener(name, input, { passive: true, capture: true });
  page.document.addEventListener('visibilitychange', visibility);

  return {
    current: () => activity,
    stop: () => {
      clearTimeout(timer);
      for (const name of INPUTS) page.window.removeEventListener(name, input, { capture: true });
      page.document.removeEventListener('visibilitychange', visibility);
    },
  };
}
