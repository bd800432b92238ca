import { expect, test } from 'vitest';

import { RestProblem } from '../../harness/rest.ts';
import { watchList } from './list-view.ts';

type Kept = { id: string; ev: number; lastSeq: number; lastReadSeq: number; unreadFromSeq: null };

/** A REST API of which a test decides what it has. */
function listOver(kept: Map<string, Kept>) {
  const problem = { status: 404, code: 'not_found' } as never;
  const view = watchList({
    conversations: (async () => ({ items: [...kept.values()], nextCursor: null })) as never,
    conversation: (async (id: string) => {
      const found = kept.get(id);
      if (!found) throw new RestProblem('GET', problem);
      return found;
    }) as never,
  });
  const state = async (id: string) => {
    await new Promise(setImmediate);
    return view.conversations.get(id);
  };
  return { view, state };
}
const conversation = (ev: number, lastSeq: number): Kept => ({
  id: 'talk',
  ev,
  lastSeq,
  lastReadSeq: 0,
  unreadFromSeq: null,
});
const event = (type: string, ev: number, lastSeq: number) => ({
  type,
  conversationId: 'talk',
  ev,
  lastSeq,
});

const read = (at: string, lastReadSeq: number, unreadFromSeq: number | null) => ({
  ...{ type: 'read', conversationId: 'talk', at, unreadCount: 0 },
  ...{ lastReadSeq, unreadFromSeq },
});

test('merges events by their number, and forgets what was lost by reading again', async () => {
  const kept = new Map([['talk', conversation(3, 3)]]);
  const { view, state } = listOver(kept);
  await view.load();
  view.take(event('new_message', 4, 4));
  view.take(event('new_message', 2, 2));
  expect(await state('talk')).toMatchObject({ there: true, ev: 4, lastSeq: 4, lastReadSeq: 0 });
  view.take(read('3', 4, null));
  view.take(read('5', 4, 2));
  view.take(read('4', 3, 1));
  view.take({ type: 'read', conversationId: 'talk', userId: 'ben', lastReadSeq: 9 });
  expect(await state('talk')).toMatchObject({ lastReadSeq: 4, unreadFromSeq: 2 });

  kept.set('talk', { ...conversation(9, 8), lastReadSeq: 5 });
  await view.load();
  expect(await state('talk')).toEqual({
    there: true,
    ev: 9,
    lastSeq: 8,
    lastReadSeq: 5,
    unreadFromSeq: null,
  });
  kept.clear();
  await view.load();
  expect(await state('talk')).toMatchObject({ there: false });
});

test('asks what a conversation is that it does not know, and about one that is in doubt', async () => {
  const kept = new Map<string, Kept>();
  const { view, state } = listOver(kept);
  await view.load();
  view.take(event('conversation_added', 0, 0));
  // It was left again meanwhile.
  expect(await state('talk')).toBeUndefined();
  kept.set('talk', conversation(5, 4));
  view.take(event('conversation_added', 5, 4));
  expect(await state('talk')).toMatchObject({ there: true, ev: 5, lastSeq: 4 });
  kept.set('talk', conversation(7, 6));
  view.take(event('resync', 7, 0));
  expect(await state('talk')).toMatchObject({ there: true, ev: 7, lastSeq: 6 });
});

test('somebody who is removed is out until they are added again', async () => {
  const kept = new Map([['talk', conversation(3, 3)]]);
  const { view, state } = listOver(kept);
  await view.load();
  view.take(event('conversation_removed', 4, 3));
  view.take(event('new_message', 2, 2));
  expect(await state('talk')).toMatchObject({ there: false, ev: 4 });
  kept.set('talk', conversation(6, 3));
  view.take(event('conversation_added', 6, 3));
  expect(await state('talk')).toMatchObject({ there: true, ev: 6 });
});
