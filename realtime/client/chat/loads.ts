import type { Wanted } from '../state/chat-state.ts';
import type { ChatStore } from './create-store.ts';

/** What a user wants to see more of: it is noted, and fetched when its turn comes. */
export function createLoads({ store }: { store: ChatStore }) {
  const want = (conversationId: string, wanted: Wanted) =>
    store.dispatch({ type: 'wanted', conversationId, wanted });
  return {
    loadOlder: (conversationId: string) => want(conversationId, { way: 'older' }),
    loadNewer: (conversationId: string) => want(conversationId, { way: 'newer' }),
    loadAround: (conversationId: string, seq: number) =>
      want(conversationId, { way: 'around', seq }),
    loadMore: () => store.dispatch({ type: 'wanted_more' }),
    loadPeople: () => store.dispatch({ type: 'wanted_people' }),
    lookUp: (conversationId: string) => store.dispatch({ type: 'looked_up', conversationId }),
  };
}
