import type { ChatChannelEvent, Conversation } from '@rov/realtime';

import type { Api } from '../api.ts';
import { withChatEvent } from '../state/inbox-events.ts';
import { conversationOf, withConversations, withInboxDoubt, withStale } from '../state/inbox.ts';
import { createInboxFetcher } from './fetch-inbox.ts';
import { createInboxContext } from './inbox-context.ts';
import { createReadReports } from './report-read.ts';

/** The signed-in user's list of conversations, kept true by events and refetched where they do not suffice. */
export function createInbox({ api, me }: { api: Api; me: string }) {
  const context = createInboxContext(api);
  const { store, learn } = context;
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
