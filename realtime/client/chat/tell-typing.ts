import type { ChatApi } from './chat-api.ts';

/** Whoever writes says so again after this time; others believe it for some seconds longer. */
const THROTTLE_MS = 3000;

/** Tells others that the user writes: the first key at once, then at most every three seconds. Lost without harm. */
export function createTypingReports({ api }: { api: Pick<ChatApi, 'typing'> }) {
  const told = new Map<string, number>();

  return {
    typing: (conversationId: string, now = Date.now()) => {
      const last = told.get(conversationId);
      if (last !== undefined && now - last < THROTTLE_MS) return;
      told.set(conversationId, now);
      api.typing(conversationId, 'start').catch(() => undefined);
    },
    /** The message itself says that nobody writes any more; who gives up has to say so. */
    stopped: (conversationId: string, { silently }: { silently: boolean }) => {
      const wrote = told.delete(conversationId);
      if (wrote && !silently) api.typing(conversationId, 'stop').catch(() => undefined);
    },
  };
}
