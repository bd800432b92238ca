import type { ChatChannelEvent, Conversation } from '@rov/realtime';

import type { ApiProblem } from '../api-problem.ts';
import type { Api } from '../api.ts';
import { withChatEvent } from '../state/inbox-events.ts';
import {
  conversationOf,
  emptyInbox,
  withConversations,
  withInboxDoubt,
  withStale,
} from '../state/inbox.ts';
import type { Inbox } from '../state/inbox.ts';
import { createStore } from './create-store.ts';
import type { Store } from './create-store.ts';
import { createInboxFetcher } from './fetch-inbox.ts';
import { createReadReports } from './report-read.ts';

export type InboxState = {
  inbox: Inbox;
  loadingMore: boolean;
  /** Why the last attempt to load failed; null once one succeeded. */
  problem: ApiProblem | null;
};

/** What the parts share. */
export type InboxContext = {
  api: Api;
  store: Store<InboxState>;
  learn: (change: (inbox: Inbox) => Inbox) => void;
};

export type LiveInbox = ReturnType<typeof createInbox>;

/** The signed-in user's list of conversations, kept true by events and refetched where they do not suffice. */
export function createInbox({ api, me }: { api: Api; me: string }) {
  const store = createStore<InboxState>({ inbox: emptyInbox, loadingMore: false, problem: null });
  const learn: InboxContext['learn'] = (change) =>
    store.update((state) => {
      const inbox = change(state.inbox);
      return inbox === state.inbox ? state : { ...state, inbox };
    });
  const context: InboxContext = { api, store, learn };
  const fetcher = createInboxFetcher(context);
  const reads = createReadReports(context);

  /** An event of the user's own channel. */
  function hear(event: ChatChannelEvent) {
    learn((inbox) => withChatEvent(inbox, event, me));
    fetcher.wake();
  }

  /** Something may have been missed: ask the server. */
  function doubt() {
    learn(withInboxDoubt);
    fetcher.wake();
  }

  /** The connection is back. */
  function resume() {
    fetcher.wake();
    reads.wake();
  }

  /** A conversation that is asked for by its id and may lie beyond what was loaded. */
  function lookUp(conversationId: string) {
    learn((inbox) => {
      const known = conversationOf(inbox, conversationId) !== undefined;
      return known ? inbox : withStale(inbox, { conversationId, ev: 0 });
    });
    fetcher.wake();
  }

  /** What one's own action opened or made is in the list before its event arrives. */
  async function opened(request: Promise<Conversation>): Promise<Conversation> {
    const conversation = await request;
    learn((inbox) => withConversations(inbox, [conversation]));
    return conversation;
  }

  function stop() {
    fetcher.stop();
    reads.stop();
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh: fetcher.wake,
    loadMore: fetcher.loadMore,
    markRead: reads.markRead,
    openDirect: (userId: string) => opened(api.openDirect(userId)),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      opened(api.createGroup(group)),
    hear,
    doubt,
    resume,
    lookUp,
    stop,
  };
}
