import type { PresenceSession } from '../contract/index.ts';
import { watchActivity } from './activity.ts';
import type { Page } from './activity.ts';
import { randomUuid } from './random-uuid.ts';
import type { RealtimeApi } from './realtime-api.ts';

interface HeartbeatOptions {
  page: Page;
  idleAfterMs: number;
  api: Pick<RealtimeApi, 'beat' | 'leave'>;
  /** `lapsed`: the server may have thought us gone before this beat, and told us nothing meanwhile. */
  onBeat: (session: PresenceSession, how: { lapsed: boolean }) => void;
  report: (error: unknown) => void;
}

// Browsers let timers of a hidden page run once a minute, which is no lapse at a pace of 25 s.
const PATIENCE = 3;
const RETRY_MS = 5_000;
const MAX_RETRY_MS = 30_000;

/** Keeps this tab's presence session alive, at the pace that the server asks for. Returns the way to stop. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { api } = options;
  const sessionId = randomUuid();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let leaseEndsMs = 0;
  let retryMs = RETRY_MS;
  let under: Promise<void> | undefined;
  let again = false;
  const activity = watchActivity({ ...options, onChange: beatNow });

  async function beat() {
    try {
      const session = await api.beat(sessionId, activity.current());
      if (stopped) return;
      const lapsed = Date.now() > leaseEndsMs;
      leaseEndsMs = Date.now() + PATIENCE * session.nextInMs;
      retryMs = RETRY_MS;
      timer = setTimeout(beatNow, session.nextInMs);
      options.onBeat(session, { lapsed });
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
    api.leave(sessionId);
  }

  /** From the back/forward cache. */
  function comeBack(event: Event) {
    if ('persisted' in event && event.persisted === true) beatNow();
  }

  const deafen = listen(options.page.window, {
    pagehide: leave,
    pageshow: comeBack,
    online: beatNow,
  });
  beatNow();

  return () => {
    stopped = true;
    activity.stop();
    deafen();
    leave();
  };
}

function listen(target: EventTarget, listeners: Record<string, (event: Event) => void>) {
  for (const [name, listener] of Object.entries(listeners)) target.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners))
      target.removeEventListener(name, listener);
  };
}
