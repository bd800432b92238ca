import type { ConversationList } from '../../contract/index.ts';
import { needsOf } from '../state/needs.ts';
import { asProblem } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import type { ChatStore } from './create-store.ts';

const PAGE = 50;

/** Reads the list: what changed since the last sync; page by page where that does not suffice. */
export function createFetchList({ api, store }: { api: ChatApi; store: ChatStore }) {
  let syncs = true;

  /** Whether the list is the whole truth then. */
  async function sync(): Promise<boolean> {
    const asked = store.get().turn;
    const cursor = store.get().inbox.syncCursor;
    try {
      const answer = await api.sync(cursor);
      store.dispatch({ type: 'sync', sync: answer, asked });
      return !answer.limited && !needsOf(store.get()).some(({ what }) => what === 'list');
    } catch (error) {
      const { status } = asProblem(error);
      if (status === 410 && cursor !== null) {
        store.dispatch({ type: 'sync_expired' });
        return await sync();
      }
      // Servers from before tell the list page by page only.
      if (status !== 404) throw error;
      syncs = false;
      return false;
    }
  }

  /** As many pages as were loaded before, then every row of them is fresh. */
  async function load(): Promise<void> {
    const { turn: asked, inbox } = store.get();
    const list: ConversationList = { items: [], nextCursor: null };
    do {
      const { nextCursor: cursor } = list;
      const page: ConversationList = await api.conversations({ cursor, limit: PAGE });
      list.items.push(...page.items);
      list.nextCursor = page.nextCursor;
    } while (list.nextCursor !== null && list.items.length < inbox.conversations.length);
    store.dispatch({ type: 'list', list, asked });
  }

  return async function fetchList(): Promise<void> {
    if (syncs && (await sync())) return;
    await load();
  };
}
