import type { ApiProblem } from '../api-problem.ts';
import type { Api } from '../api.ts';
import { emptyInbox } from '../state/inbox.ts';
import type { Inbox } from '../state/inbox.ts';
import { createStore } from './create-store.ts';
import type { Store } from './create-store.ts';

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

export function createInboxContext(api: Api): InboxContext {
  const store = createStore<InboxState>({ inbox: emptyInbox, loadingMore: false, problem: null });
  return {
    api,
    store,
    learn: (change) =>
      store.update((state) => {
        const inbox = change(state.inbox);
        return inbox === state.inbox ? state : { ...state, inbox };
      }),
  };
}
