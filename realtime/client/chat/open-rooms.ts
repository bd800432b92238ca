import type { ChatStore } from './create-store.ts';
import { createListening } from './listen-to-rooms.ts';
import type { createViewingReports } from './tell-viewing.ts';
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
  const listening = createListening(viewing);

  function open(conversationId: string): () => void {
    const already = viewers.get(conversationId) ?? 0;
    viewers.set(conversationId, already + 1);
    if (already === 0) {
      store.dispatch({ type: 'looked_up', conversationId });
      store.dispatch({ type: 'opened', conversationId });
      listening.begin(conversationId);
    }
    let held = true;
    return () => {
      if (held) close(conversationId);
      held = false;
    };
  }

  function close(conversationId: string) {
    const left = (viewers.get(conversationId) ?? 1) - 1;
    viewers.set(conversationId, left);
    if (left > 0) return;
    viewers.delete(conversationId);
    listening.end(conversationId);
    if (conversationId in store.get().rooms) store.dispatch({ type: 'closed', conversationId });
  }

  /** Somebody who was removed keeps nothing; where they look on and come back, it is opened anew. */
  function look() {
    const { rooms, inbox } = store.get();
    for (const conversationId of viewers.keys()) {
      const back = (inbox.rows[conversationId]?.conversation ?? null) !== null;
      if (!back || conversationId in rooms) continue;
      store.dispatch({ type: 'opened', conversationId });
      listening.end(conversationId);
      listening.begin(conversationId);
    }
  }

  return {
    open,
    look,
    start: (options: WatchOptions) => {
      listening.connect(options);
      for (const conversationId of viewers.keys()) listening.begin(conversationId);
    },
    stop: listening.disconnect,
    /** Everything that is listened to may have been missed. */
    doubt: () => {
      store.dispatch({ type: 'lost', conversationId: null });
      for (const conversationId of listening.ids())
        store.dispatch({ type: 'lost', conversationId });
    },
  };
}
