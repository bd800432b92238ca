import type { Taken } from '../../contract/index.ts';
import type { ChatApi } from './chat-api.ts';

/** Said again this much before others would stop to believe it. */
const MARGIN = 0.6;
/** When to say it again where nobody was told, or it did not get through. */
const SELDOM_MS = 60_000;

/** Tells others that the user has a conversation before their eyes, as long as that is so. */
export function createViewingReports({ api }: { api: Pick<ChatApi, 'viewing'> }) {
  const timers = new Map<string, ReturnType<typeof setTimeout> | null>();
  const said = new Map<string, Promise<Taken | null>>();

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
    const againMs =
      answer !== null && answer.expiresInMs > 0 ? answer.expiresInMs * MARGIN : SELDOM_MS;
    timers.set(
      conversationId,
      setTimeout(() => void tell(conversationId), againMs),
    );
  }

  function stop(conversationId: string, how: { silently: boolean }) {
    if (!timers.has(conversationId)) return;
    clearTimeout(timers.get(conversationId) ?? undefined);
    timers.delete(conversationId);
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
