import type { ChatApi } from './chat-api.ts';
import { START_PACE_MS } from './start-pace.ts';

/** Whoever writes says so again after this time; others believe it for some seconds longer. */
const THROTTLE_MS = 3000;

interface Told {
  at: number;
  /** A message has ended it, or the user gave up. */
  isOver: boolean;
  /** Tells of it anew as soon as that is passed on. */
  soon: ReturnType<typeof setTimeout> | undefined;
}

/** Tells others that the user writes: the first key at once, then at most every three seconds. Lost without harm. */
export function createTypingReports({ api }: { api: Pick<ChatApi, 'typing'> }) {
  const told = new Map<string, Told>();

  function tell(conversationId: string) {
    told.set(conversationId, { at: Date.now(), isOver: false, soon: undefined });
    api.typing(conversationId, 'start').catch(() => undefined);
  }

  return {
    typing: (conversationId: string) => {
      const last = told.get(conversationId);
      const sinceMs = Date.now() - (last?.at ?? -Infinity);
      if (sinceMs >= (last?.isOver ? START_PACE_MS : THROTTLE_MS)) {
        clearTimeout(last?.soon);
        tell(conversationId);
      } else if (last?.isOver) {
        last.soon ??= setTimeout(() => tell(conversationId), START_PACE_MS - sinceMs);
      }
    },
    /** The message itself says that nobody writes any more; who gives up has to say so. */
    stopped: (conversationId: string, { silently }: { silently: boolean }) => {
      const last = told.get(conversationId);
      if (last === undefined) return;
      clearTimeout(last.soon);
      told.set(conversationId, { ...last, isOver: true, soon: undefined });
      if (!last.isOver && !silently) api.typing(conversationId, 'stop').catch(() => undefined);
    },
    stopAll: () => {
      for (const { soon } of told.values()) clearTimeout(soon);
      told.clear();
    },
  };
}
