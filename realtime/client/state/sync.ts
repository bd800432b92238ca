import type { Sync } from '../../contract/index.ts';
import type { ChatState, Inbox } from './chat-state.ts';
import { withConversations, withToldRow } from './inbox.ts';
import { withPresence } from './presence-states.ts';
import { unreadIn } from './selectors.ts';
import { doubtAfter } from './without.ts';

/** What changed for the user since the last sync, or everything. */
export function withSync(
  state: ChatState,
  { sync, asked }: { sync: Sync; asked: number },
): ChatState {
  const first = state.inbox.syncCursor === null;
  const present = withPresence(state, sync.presence, null);
  // What was held is dropped with the list that is read page by page now.
  if (sync.limited) {
    const { inbox } = present;
    const unreadBeyond = beyond(inbox, sync);
    return { ...present, inbox: { ...inbox, syncCursor: sync.cursor, unreadBeyond } };
  }
  const dropped = first ? withoutUntold(present, { sync, asked }) : present;
  const removed = sync.removed.reduce(
    (known, conversationId) => withToldRow(known, { conversationId, row: null, asked }),
    dropped,
  );
  const told = withConversations(removed, sync.conversations, asked);
  const { inbox } = told;
  return {
    ...told,
    inbox: {
      ...{ ...inbox, status: 'ready', syncCursor: sync.cursor, trouble: null },
      nextCursor: first ? null : inbox.nextCursor,
      unreadBeyond: first || inbox.nextCursor === null ? 0 : beyond(inbox, sync),
      doubt: doubtAfter(inbox.doubt, asked),
    },
  };
}

function beyond({ conversations }: Inbox, { me }: Sync): number {
  return Math.max(0, me.totalUnread - unreadIn(conversations));
}

/** The first sync tells everything: what was here before it and is not in it is gone. */
function withoutUntold(
  state: ChatState,
  { sync, asked }: { sync: Sync; asked: number },
): ChatState {
  const told = new Set(sync.conversations.map(({ id }) => id));
  return Object.entries(state.inbox.rows)
    .filter(([id, row]) => !told.has(id) && row.since <= asked)
    .reduce(
      (known, [conversationId]) => withToldRow(known, { conversationId, row: null, asked }),
      state,
    );
}
