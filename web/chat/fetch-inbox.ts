import type { ConversationList } from '@rov/realtime';

import { asProblem } from '../api-problem.ts';
import { needsLoad, withFetched, withLoaded, withMore } from '../state/inbox.ts';
import type { Inbox } from '../state/inbox.ts';
import { createLoop } from './create-loop.ts';
import type { InboxContext } from './inbox-context.ts';

const PAGE = 50;

/** So many single rows are cheaper to fetch than the list. */
const SINGLE_ROWS = 5;

/** Fetches the list, the rows in it that are stale, and further pages on request. */
export function createInboxFetcher({ api, store, learn }: InboxContext) {
  const loop = createLoop({
    step: fetchWhatIsStale,
    onProblem: (problem) => store.update((state) => ({ ...state, problem })),
  });

  async function fetchWhatIsStale() {
    const { inbox } = store.get();
    const stale = Object.keys(inbox.stale);
    const [id] = stale;
    if (needsLoad(inbox) || stale.length > SINGLE_ROWS) await load(inbox);
    else if (id === undefined) return 'done';
    else await loadRow(id, inbox);
    store.update((state) => (state.problem === null ? state : { ...state, problem: null }));
    return 'again';
  }

  /** As many pages as were loaded before, then every row of them is fresh. */
  async function load(before: Inbox) {
    const list: ConversationList = { items: [], nextCursor: null };
    do {
      const cursor = list.nextCursor === null ? {} : { cursor: list.nextCursor };
      const page = await api.conversations({ ...cursor, limit: PAGE });
      list.items.push(...page.items);
      list.nextCursor = page.nextCursor;
    } while (list.nextCursor !== null && list.items.length < before.conversations.length);
    learn((inbox) => withLoaded(inbox, list, before));
  }

  async function loadRow(id: string, before: Inbox) {
    const row = await api.conversation(id).catch((error: unknown) => {
      if (asProblem(error).status === 404) return null;
      throw error;
    });
    learn((inbox) => withFetched(inbox, { id, row, before }));
  }

  async function loadMore() {
    const { inbox, loadingMore } = store.get();
    if (loadingMore || inbox.nextCursor === null) return;
    store.update((state) => ({ ...state, loadingMore: true }));
    try {
      const page = await api.conversations({ cursor: inbox.nextCursor, limit: PAGE });
      learn((known) => withMore(known, page));
    } catch (error) {
      store.update((state) => ({ ...state, problem: asProblem(error) }));
    } finally {
      store.update((state) => ({ ...state, loadingMore: false }));
    }
  }

  return { wake: loop.wake, stop: loop.stop, loadMore: () => void loadMore() };
}
