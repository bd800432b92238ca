import type { ChatStore } from './create-store.ts';
import type { createViewingReports } from './tell-viewing.ts';
import { watchConversation } from './watch-channels.ts';
import type { WatchOptions } from './watch-channels.ts';

/** Conversations that somebody looks at: each is listened to once, however many look. */
export function createOpenRooms({
  store,
  viewing,
}: {
  store: ChatStore;
  viewing: ReturnType<typeof createViewingReports> | null;
}) {
  const viewers = new Map<string, number>();
  const listening = new Map<string, () => void>();
  let watching: WatchOptions | null = null;

  function begin(conversationId: string) {
    if (watching === null || listening.has(conversationId)) return;
    listening.set(conversationId, watchConversation(watching, conversationId));
    viewing?.start(conversationId);
  }

  function end(conversationId: string) {
    listening.get(conversationId)?.();
    listening.delete(conversationId);
    viewing?.stop(conversationId);
  }

  return {
    open: (conversationId: string): (() => void) => {
      const already = viewers.get(conversationId) ?? 0;
      viewers.set(conversationId, already + 1);
      if (already === 0) {
        store.dispatch({ type: 'looked_up', conversationId });
        store.dispatch({ type: 'opened', conversationId });
        begin(conversationId);
      }
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (viewers.get(conversationId) ?? 1) - 1;
        viewers.set(conversationId, left);
        if (left > 0) return;
        viewers.delete(conversationId);
        end(conversationId);
        if (conversationId in store.get().rooms) store.dispatch({ type: 'closed', conversationId });
      };
    },
    start: (options: WatchOptions) => {
      watching = options;
      for (const conversationId of viewers.keys()) begin(conversationId);
    },
    stop: () => {
      watching = null;
      for (const conversationId of listening.keys()) end(conversationId);
    },
    /** Everything that is listened to may have been missed. */
    doubt: () => {
      store.dispatch({ type: 'lost', conversationId: null });
      for (const conversationId of listening.keys())
        store.dispatch({ type: 'lost', conversationId });
    },
  };
}
