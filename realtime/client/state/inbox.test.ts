import { describe, expect, test } from 'vitest';

import { exampleConversation } from '../../../test/chat-client/example.ts';
import type { Conversation } from '../../contract/index.ts';
import type { ChatInput, HeardEvent } from './chat-input.ts';
import { emptyChat } from './chat-state.ts';
import type { ChatState } from './chat-state.ts';
import { needsOf } from './needs.ts';
import { reduce } from './reduce.ts';
import { conversationOf, isLookedUp, totalUnread } from './selectors.ts';

const numbered = { epoch: 'e1', at: '2026-05-04T12:00:00.000Z', conversationId: 'c1' };
const event = (it: HeardEvent): ChatInput => ({
  ...{ type: 'event', conversationId: null, now: 0 },
  event: { ...numbered, ...it },
});
const newMessage = (seq: number, facts: Partial<HeardEvent> = {}) =>
  event({
    ...{ type: 'new_message', ev: seq, seq, lastSeq: seq, messageId: `message-${seq}` },
    ...{ senderId: 'ben', preview: `message ${seq}` },
    ...facts,
  });
const feed = (state: ChatState, ...inputs: ChatInput[]) => inputs.reduce(reduce, state);
const listed = (items: Conversation[], asked = 99): ChatInput => ({
  ...{ type: 'list', asked, list: { items, nextCursor: null } },
});
const told = (row: Conversation, asked = 99): ChatInput => ({
  ...{ type: 'row', conversationId: row.id, row, asked },
});
const c1 = (state: ChatState) => conversationOf(state, 'c1');
const needs = (state: ChatState) => needsOf(state);
const staleC1 = [{ what: 'row', conversationId: 'c1' }];

/** Two conversations, both read up to message 3 of 3; c2 is the newer one. */
const rows = [
  exampleConversation({ id: 'c1' }),
  exampleConversation({ id: 'c2', createdAt: '2026-05-04T11:00:00.000Z' }),
];
const loaded = feed(emptyChat('ann'), listed(rows));

describe('the list of conversations', () => {
  test('counts a new message, shows it and puts its conversation on top', () => {
    const heard = feed(loaded, newMessage(4));
    expect(heard.inbox.conversations.map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(c1(heard)).toMatchObject({
      ...{ unreadCount: 1, lastSeq: 4, lastMessage: { preview: 'message 4' } },
    });
    expect(needs(heard)).toEqual([]);
    expect(totalUnread(heard)).toBe(1);
  });

  test('counts a repeated message once, also behind its successor', () => {
    const heard = feed(loaded, newMessage(4), newMessage(5));
    expect(feed(heard, newMessage(4), newMessage(5))).toBe(heard);
    expect(totalUnread(heard)).toBe(2);
  });

  test('comes to the same in whatever order events arrive', () => {
    expect(c1(feed(loaded, newMessage(5), newMessage(4)))).toEqual(
      c1(feed(loaded, newMessage(4), newMessage(5))),
    );
    expect(needs(feed(loaded, newMessage(5), newMessage(4)))).toEqual([]);
  });

  test('does not count what the server writes', () => {
    const heard = feed(loaded, newMessage(4, { messageType: 'system' }));
    expect(c1(heard)).toMatchObject({ unreadCount: 0, lastSeq: 4, lastReadSeq: 3 });
  });

  test("takes one's own message from another device as a sign of having read", () => {
    const unread = feed(loaded, newMessage(4), newMessage(5, { senderId: 'ann' }));
    expect(c1(unread)).toMatchObject({ unreadCount: 0, lastReadSeq: 5 });
  });

  test('asks for a row of which it missed messages, and shows what it knows meanwhile', () => {
    const heard = feed(loaded, newMessage(6));
    expect(c1(heard)).toMatchObject({ lastSeq: 6, unreadCount: 3 });
    expect(needs(heard)).toEqual(staleC1);
  });

  test('asks for a conversation that it does not know', () => {
    const heard = feed(loaded, newMessage(1, { conversationId: 'c9' }));
    expect(needs(heard)).toEqual([{ what: 'row', conversationId: 'c9' }]);
  });

  test('takes what an update brings, and asks where it brings nothing', () => {
    const renamed = event({ type: 'conversation_updated', lastSeq: 3, ev: 4, title: 'Trip' });
    expect(c1(feed(loaded, renamed))?.title).toBe('Trip');
    expect(needs(feed(loaded, renamed))).toEqual([]);
    const updated = { type: 'conversation_updated', lastSeq: 3 };
    expect(needs(feed(loaded, event({ ...updated, ev: 4 })))).toEqual(staleC1);
    expect(feed(loaded, event({ ...updated, ev: 3 }))).toBe(loaded);
  });

  test('does not count a message that was deleted before it was read', () => {
    const deleted = { type: 'conversation_updated', lastSeq: 5, ev: 6, deletedSeq: 4 };
    const heard = feed(loaded, newMessage(4), newMessage(5), event(deleted));
    expect(c1(heard)?.unreadCount).toBe(1);
    expect(c1(feed(heard, event(deleted)))?.unreadCount).toBe(1);
    expect(c1(feed(loaded, event({ ...deleted, deletedSeq: 2, ev: 4 })))?.unreadCount).toBe(0);
  });

  test('drops a conversation that one was removed from, with what was held of it', () => {
    const removed = event({ type: 'conversation_removed', lastSeq: 3, ev: 4 });
    const after = feed(loaded, { type: 'opened', conversationId: 'c1' }, removed);
    expect(c1(after)).toBeUndefined();
    expect(after.rooms).toEqual({});
    expect(needs(after)).toEqual([]);
    const again = event({ type: 'conversation_added', lastSeq: 3, ev: 5 });
    expect(needs(feed(after, again))).toEqual(staleC1);
  });

  test('keeps what was heard while a row was being fetched', () => {
    const before = feed(loaded, newMessage(6));
    const row = exampleConversation({ id: 'c1', ev: 6, lastSeq: 6, unreadCount: 2 });
    expect(needs(feed(before, told(row)))).toEqual([]);
    const touched = feed(before, newMessage(7), told(row));
    expect(c1(touched)).toMatchObject({ unreadCount: 3, lastSeq: 7 });
    expect(needs(touched)).toEqual([]);
    expect(needs(feed(before, newMessage(9), told(row)))).toEqual(staleC1);
  });

  test('does not go back to an older state that arrives late', () => {
    const heard = feed(loaded, newMessage(4), listed(rows));
    expect(c1(heard)).toMatchObject({ lastSeq: 4, unreadCount: 1 });
  });

  test('drops at a load what is gone, and keeps what came in the meantime', () => {
    const known = feed(loaded, told(exampleConversation({ id: 'c3' })));
    const list = listed([exampleConversation({ id: 'c2' })], loaded.turn);
    const after = feed(known, list);
    expect(after.inbox.conversations.map(({ id }) => id).toSorted()).toEqual(['c2', 'c3']);
  });

  test('is loaded again after a doubt, unless the load was older than the doubt', () => {
    const doubted = feed(loaded, { type: 'lost', conversationId: null });
    expect(needs(doubted)).toEqual([{ what: 'list' }]);
    expect(needs(feed(doubted, listed(rows, loaded.turn)))).toEqual([{ what: 'list' }]);
    expect(needs(feed(doubted, listed(rows, doubted.turn)))).toEqual([]);
  });

  test('ignores an event of a kind that it does not know', () => {
    expect(feed(loaded, event({ type: 'from_the_future', ev: 4 }))).toBe(loaded);
  });
});

describe('what was read', () => {
  const unread = feed(loaded, newMessage(4), newMessage(5), newMessage(6));
  const readHere = (seq: number): ChatInput => ({ type: 'read', conversationId: 'c1', seq });
  const read = (facts: Partial<HeardEvent>) => event({ type: 'read', userId: 'ann', ...facts });

  test('leaves the count at once', () => {
    expect(c1(feed(unread, readHere(6)))).toMatchObject({ unreadCount: 0, lastReadSeq: 6 });
  });

  test('on another device clears this one', () => {
    expect(c1(feed(unread, read({ lastReadSeq: 6, unreadCount: 0 })))?.unreadCount).toBe(0);
  });

  test('does not hide a message that came after the server counted', () => {
    const heard = feed(unread, newMessage(7), read({ lastReadSeq: 6, unreadCount: 0 }));
    expect(c1(heard)?.unreadCount).toBe(1);
  });

  test('never goes back', () => {
    const after = feed(unread, readHere(6));
    expect(c1(feed(after, read({ lastReadSeq: 4, unreadCount: 2 })))).toEqual(c1(after));
  });

  test('survives a row from the server that does not know of it yet', () => {
    const row = exampleConversation({ id: 'c1', ev: 6, lastSeq: 6, unreadCount: 3 });
    const after = feed(unread, readHere(6), told(row));
    expect(c1(after)).toMatchObject({ unreadCount: 0, lastReadSeq: 6 });
  });

  test('is asked for where the user marked it as unread', () => {
    const marked = read({ lastReadSeq: 3, unreadCount: 2, unreadFromSeq: 2 });
    const heard = feed(loaded, marked);
    expect(c1(heard)).toMatchObject({ unreadCount: 2, unreadFromSeq: 2 });
    expect(needs(heard)).toEqual(staleC1);
    const row = exampleConversation({ id: 'c1', unreadCount: 2, unreadFromSeq: 2 });
    expect(needs(feed(heard, told(row)))).toEqual([]);
  });
});

describe('a conversation that somebody looks up', () => {
  const lookUp = (conversationId: string): ChatInput => ({ type: 'looked_up', conversationId });
  const begun: ChatInput = {
    ...{ type: 'list', asked: 99, list: { items: rows, nextCursor: 'more' } },
  };

  test('is asked for by itself where the list was not loaded so far, also after it was loaded again', () => {
    const sought = feed(loaded, lookUp('c9'), begun);
    expect(needs(sought)).toEqual([{ what: 'row', conversationId: 'c9' }]);
    const found = feed(sought, told(exampleConversation({ id: 'c9' })), begun);
    expect(conversationOf(found, 'c9')?.id).toBe('c9');
    expect(needs(found)).toEqual([]);
  });

  test('does not exist where the whole list does not have it', () => {
    const sought = feed(emptyChat('ann'), lookUp('c9'), listed(rows));
    expect(needs(sought)).toEqual([]);
    expect(isLookedUp(sought, 'c9')).toBe(false);
  });

  test('is no reason to read the list, however many there are', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `d${index}`);
    const sought = feed(loaded, ...ids.map(lookUp), begun);
    expect(needs(sought)).toEqual(ids.map((conversationId) => ({ what: 'row', conversationId })));
  });
});
