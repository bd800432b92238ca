import type { Page } from '../activity.ts';

const LOOK_MS = 10_000;
/** A timer so late means that the machine slept, or the page was frozen. */
const ASLEEP_MS = 45_000;
const HIDDEN_MS = 5 * 60_000;

/**
 * Notices that this client was away for long: asleep, or hidden for minutes, while browsers let little run. The
 * connection may not have noticed yet. Returns the way to stop.
 */
export function noticeWaking({
  page,
  onWake,
  onOnline,
}: {
  page: Page | null;
  onWake: () => void;
  onOnline: () => void;
}): () => void {
  let lookedAt = Date.now();
  let hiddenAt: number | null = null;
  const timer = setInterval(() => {
    const now = Date.now();
    // Browsers slow the timers of a hidden page down to one a minute, which is no sleep.
    if (now - lookedAt > ASLEEP_MS && hiddenAt === null) onWake();
    lookedAt = now;
  }, LOOK_MS);

  function visibility() {
    const visible = page?.document.visibilityState === 'visible';
    if (visible && hiddenAt !== null && Date.now() - hiddenAt > HIDDEN_MS) onWake();
    hiddenAt = visible ? null : (hiddenAt ?? Date.now());
  }
  page?.document.addEventListener('visibilitychange', visibility);
  page?.window.addEventListener('online', onOnline);
  return () => {
    clearInterval(timer);
    page?.document.removeEventListener('visibilitychange', visibility);
    page?.window.removeEventListener('online', onOnline);
  };
}
