import type { Taken } from '../../contract/index.ts';
import type { ChatApi } from './chat-api.ts';
import { START_PACE_MS } from './start-pace.ts';

/** Said again this much before others would stop to believe it. */
const MARGIN = 0.6;
/** When to say it again where nobody was told, or it did not get through. */
const SELDOM_MS = 60_000;

/** Tells others that the user has a conversation before their eyes, as long as that is so. */
export function createViewingReports({ api }: { api: Pick<ChatApi, 'viewing'> }) {
  const timers = new Map<string, ReturnType<typeof setTimeout> | null>();
  const said = new Map<string, Promise<Taken | null>>();
  const leftAt = new Map<string, number>();

  /** One after the other: a word that is overtaken by the next would be believed instead of it. */
  function say(conversationId: string, state: 'start' | 'stop'): Promise<Taken | null> {
    const before = said.get(conversationId) ?? Promise.resolve(null);
    const saying = before.then(() => api.viewing(conversationId, state)).catch(() => null);
    said.set(conversationId, saying);
    return saying;
  }

  async function tell(conversationId: string): Promise<void> {
    const answer = await say(conversationId, 'start');
    if (!timers.has(conversationId)) return;
    timers.set(
      conversationId,
      setTimeout(() => void tell(conversationId), againMs(conversationId, answer)),
    );
  }

  function againMs(conversationId: string, answer: Taken | null): number {
    if (answer !== null && answer.expiresInMs > 0) return answer.expiresInMs * MARGIN;
    const awayMs = Date.now() - (leftAt.get(conversationId) ?? -Infinity);
    // Who comes back too soon for the API says it again.
    return awayMs < START_PACE_MS ? START_PACE_MS : SELDOM_MS;
  }

  function stop(conversationId: string, how: { silently: boolean }) {
    if (!timers.has(conversationId)) return;
    clearTimeout(timers.get(conversationId) ?? undefined);
    timers.delete(conversationId);
    leftAt.set(conversationId, Date.now());
    if (!how.silently) void say(conversationId, 'stop');
  }

  return {
    start: (conversationId: string) => {
      if (timers.has(conversationId)) return;
      timers.set(conversationId, null);
      void tell(conversationId);
    },
    stop,
    stopAll: () => {
      for (const conversationId of timers.keys()) stop(conversationId, { silently: true });
    },
  };
}
