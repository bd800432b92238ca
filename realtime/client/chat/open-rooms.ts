import type { ChatStore } from './create-store.ts';
import { createListening } from './listen-to-rooms.ts';
import type { createViewingReports } from './tell-viewing.ts';
import type { WatchOptions } from './watch-channels.ts';

export interface OpenOptions {
  /** Others are not told that the user looks at it. */
  silently?: boolean;
}

/** Conversations that somebody looks at: each is listened to once, however many look. */
export function createOpenRooms({
  store,
  viewing,
}: {
  store: ChatStore;
  viewing: ReturnType<typeof createViewingReports> | null;
}) {
  const viewers = new Map<string, number>();
  const seen = new Map<string, number>();
  const listening = createListening(viewing);

  function open(conversationId: string, { silently = false }: OpenOptions = {}): () => void {
    if (counted(viewers, conversationId, 1) === 1) {
      store.dispatch({ type: 'looked_up', conversationId });
      store.dispatch({ type: 'opened', conversationId });
      listening.begin(conversationId);
    }
    if (!silently && counted(seen, conversationId, 1) === 1) listening.show(conversationId);
    let held = true;
    return () => {
      if (held) close(conversationId, silently);
      held = false;
    };
  }

  function close(conversationId: string, unseen: boolean) {
    // Who was removed is in there no longer and has nobody to tell.
    const silently = !(conversationId in store.get().rooms);
    if (!unseen && counted(seen, conversationId, -1) === 0)
      listening.hide(conversationId, { silently });
    if (counted(viewers, conversationId, -1) > 0) return;
    listening.end(conversationId, { silently });
    if (!silently) store.dispatch({ type: 'closed', conversationId });
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

/** Counts up or down, and forgets who is down to nothing. */
function counted(counts: Map<string, number>, key: string, by: 1 | -1): number {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
  return count;
}
