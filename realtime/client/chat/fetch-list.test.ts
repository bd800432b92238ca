import { describe, expect, test } from 'vitest';

import { exampleConversation } from '../../../test/chat-client/example.ts';
import type { Conversation, ConversationList, Sync } from '../../contract/index.ts';
import { emptyChat } from '../state/chat-state.ts';
import { needsOf } from '../state/needs.ts';
import { totalUnread } from '../state/selectors.ts';
import { ApiProblem } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createStore } from './create-store.ts';
import { createFetchList } from './fetch-list.ts';

const row = (id: string, unreadCount = 0) => exampleConversation({ id, unreadCount });
const problem = (status: number) => new ApiProblem({ status, code: 'code', message: 'No.' });

function synced(facts: { cursor: string; conversations?: Conversation[] } & Partial<Sync>): Sync {
  return {
    ...{ epoch: 'e1', limited: false, conversations: [], removed: [], presence: [] },
    me: {
      profile: { id: 'ann', name: 'Ann', username: null, image: null },
      presence: { status: 'online', chosen: 'auto' },
      totalUnread: 0,
    },
    ...facts,
  };
}

/** A client's list, on a server that answers so. */
function listOn(answers: (Sync | ApiProblem)[], pages: ConversationList[] = []) {
  const cursors: (string | null)[] = [];
  const api = {
    sync: async (cursor: string | null) => {
      cursors.push(cursor);
      const answer = answers.shift() ?? problem(404);
      if (answer instanceof ApiProblem) throw answer;
      return answer;
    },
    conversations: async () => pages.shift() ?? { items: [], nextCursor: null },
  } as unknown as ChatApi;
  const store = createStore(emptyChat('ann'), () => {});
  const fetchList = createFetchList({ api, store });
  const ids = () =>
    store
      .get()
      .inbox.conversations.map(({ id }) => id)
      .toSorted();
  const lose = () => store.dispatch({ type: 'lost', conversationId: null });
  return { cursors, store, fetchList, ids, lose };
}

describe('the list of a client', () => {
  test('is whole after one sync, and later asks for what changed since', async () => {
    const list = listOn([
      synced({ cursor: 'one', conversations: [row('c1'), row('c2')] }),
      synced({ cursor: 'two', conversations: [row('c3')], removed: ['c1'] }),
    ]);
    await list.fetchList();
    expect(list.ids()).toEqual(['c1', 'c2']);
    expect(needsOf(list.store.get())).toEqual([]);
    list.lose();
    await list.fetchList();
    expect(list.ids()).toEqual(['c2', 'c3']);
    expect(list.cursors).toEqual([null, 'one']);
    expect(needsOf(list.store.get())).toEqual([]);
  });

  test('begins again where the server does not take its cursor any more', async () => {
    const list = listOn([
      synced({ cursor: 'one', conversations: [row('c1'), row('c2')] }),
      problem(410),
      synced({ cursor: 'two', conversations: [row('c2')] }),
    ]);
    await list.fetchList();
    list.lose();
    await list.fetchList();
    expect(list.cursors).toEqual([null, 'one', null]);
    expect(list.ids()).toEqual(['c2']);
  });

  test('is read page by page where there is more than a sync tells, and counts what it did not load', async () => {
    const limited = synced({ cursor: 'one', limited: true, conversations: [row('c1', 1)] });
    const me = { ...limited.me, totalUnread: 7 };
    const list = listOn([{ ...limited, me }], [{ items: [row('c1', 1)], nextCursor: 'more' }]);
    await list.fetchList();
    expect(list.ids()).toEqual(['c1']);
    expect(list.store.get().inbox.nextCursor).toBe('more');
    expect(totalUnread(list.store.get())).toBe(7);
    expect(needsOf(list.store.get())).toEqual([]);
  });

  test('is read page by page on a server that has no sync, which is asked once', async () => {
    const page = () => ({ items: [row('c1')], nextCursor: null });
    const list = listOn([], [page(), page()]);
    await list.fetchList();
    list.lose();
    await list.fetchList();
    expect(list.cursors).toEqual([null]);
    expect(list.ids()).toEqual(['c1']);
    expect(needsOf(list.store.get())).toEqual([]);
  });
});
