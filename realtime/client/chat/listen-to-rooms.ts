import type { createViewingReports } from './tell-viewing.ts';
import { watchConversation } from './watch-channels.ts';
import type { WatchOptions } from './watch-channels.ts';

/** The conversations that are listened to, once there is a connection. */
export function createListening(viewing: ReturnType<typeof createViewingReports> | null) {
  const stops = new Map<string, () => void>();
  const shown = new Set<string>();
  let watching: WatchOptions | null = null;

  function begin(conversationId: string) {
    if (watching === null || stops.has(conversationId)) return;
    stops.set(conversationId, watchConversation(watching, conversationId));
    if (shown.has(conversationId)) viewing?.start(conversationId);
  }

  function end(conversationId: string, { silently = false } = {}) {
    stops.get(conversationId)?.();
    stops.delete(conversationId);
    viewing?.stop(conversationId, { silently });
  }

  return {
    begin,
    end,
    ids: () => stops.keys(),
    /** Others are told that the user looks at it, while it is listened to. */
    show: (conversationId: string) => {
      shown.add(conversationId);
      if (stops.has(conversationId)) viewing?.start(conversationId);
    },
    hide: (conversationId: string, { silently }: { silently: boolean }) => {
      shown.delete(conversationId);
      viewing?.stop(conversationId, { silently });
    },
    connect: (options: WatchOptions) => {
      watching = options;
    },
    disconnect: () => {
      watching = null;
      for (const conversationId of stops.keys()) end(conversationId);
    },
  };
}
