import type { PresenceSession } from '../contract/rest.ts';
import { watchActivity, type Activity, type Page } from './activity.ts';

interface HeartbeatOptions {
  page: Page;
  idleAfterMs: number;
  beat: (state: Activity) => Promise<PresenceSession>;
  /** Tells the server that this tab goes, without waiting. */
  leave: () => void;
  /** `lapsed`: the server may have thought us gone before this beat, and told us nothing meanwhile. */
  onBeat: (session: PresenceSession, lapsed: boolean) => void;
  report: (error: unknown) => void;
}

const RETRY_MS = 5_000;
const MAX_RETRY_MS = 30_000;

/** Keeps this tab's presence session alive, at the pace that the server asks for. Returns the way to stop. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let leaseEndsMs = 0;
  let retryMs = RETRY_MS;
  let under: Promise<void> | undefined;
  let again = false;
  const activity = watchActivity({ ...options, onChange: beatNow });

  async function beat() {
    try {
      const session = await options.beat(activity.current());
      if (stopped) return;
      const lapsed = Date.now() > leaseEndsMs;
      leaseEndsMs = Date.now() + 2 * session.nextInMs;
      retryMs = RETRY_MS;
      timer = setTimeout(beatNow, session.nextInMs);
      options.onBeat(session, lapsed);
    } catch (error) {
      if (stopped) return;
      timer = setTimeout(beatNow, retryMs);
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
      options.report(error);
    }
  }

  /** One call at a time, and the last state wins. */
  function beatNow() {
    clearTimeout(timer);
    if (under) {
      again = true;
      return;
    }
    under = beat().finally(() => {
      under = undefined;
      if (!again || stopped) return;
      again = false;
      beatNow();
    });
  }

  function leave() {
    clearTimeout(timer);
    leaseEndsMs = 0;
    options.leave();
  }

  /** From the back/forward cache. */
  function comeBack(event: Event) {
    if ('persisted' in event && event.persisted === true) beatNow();
  }

  const { window } = options.page;
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', comeBack);
  window.addEventListener('online', beatNow);
  beatNow();

  return () => {
    stopped = true;
    activity.stop();
    window.removeEventListener('pagehide', leave);
    window.removeEventListener('pageshow', comeBack);
    window.removeEventListener('online', beatNow);
    leave();
  };
}
