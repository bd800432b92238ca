import type { NewMessageEvent } from '@rov/realtime';
import { describe, expect, test } from 'vitest';

import { exampleConversation } from './example.ts';
import { withChatEvent, withRead, withReadUpTo } from './inbox-events.ts';
import {
  conversationOf,
  emptyInbox,
  needsLoad,
  totalUnread,
  withFetched,
  withInboxDoubt,
  withLoaded,
} from './inbox.ts';
import type { Inbox } from './inbox.ts';

const frame = { v: 1, epoch: 'e1', eventId: 'x' } as const;
const numbered = { ...frame, at: '2026-05-04T12:00:00.000Z', conversationId: 'c1' };
const newMessage = (seq: number, facts: Partial<NewMessageEvent> = {}): NewMessageEvent => ({
  ...numbered,
  type: 'new_message',
  ev: seq,
  seq,
  lastSeq: seq,
  messageId: `message-${seq}`,
  senderId: 'ben',
  preview: `message ${seq}`,
  ...facts,
});
const hear = (inbox: Inbox, event: Parameters<typeof withChatEvent>[1]) =>
  withChatEvent(inbox, event, 'ann');
const c1 = (inbox: Inbox) => conversationOf(inbox, 'c1');

/** Two conversations, both read up to message 3 of 3; c2 is the newer one. */
const loaded = withLoaded(
  emptyInbox,
  {
    items: [
      exampleConversation({ id: 'c1' }),
      exampleConversation({ id: 'c2', createdAt: '2026-05-04T11:00:00.000Z' }),
    ],
    nextCursor: null,
  },
  emptyInbox,
);

describe('the list of conversations', () => {
  test('counts a new message, shows it and puts its conversation on top', () => {
    const heard = hear(loaded, newMessage(4));
    expect(heard.conversations.map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(c1(heard)).toMatchObject({
      unreadCount: 1,
      lastSeq: 4,
      lastMessage: { preview: 'message 4' },
    });
    expect(heard.stale).toEqual({});
    expect(totalUnread(heard)).toBe(1);
  });

  test('counts a repeated message once', () => {
    expect(totalUnread(hear(hear(loaded, newMessage(4)), newMessage(4)))).toBe(1);
  });

  test("takes one's own message from another device as a sign of having read", () => {
    const unread = hear(hear(loaded, newMessage(4)), newMessage(5, { senderId: 'ann' }));
    expect(c1(unread)).toMatchObject({ unreadCount: 0, lastReadSeq: 5 });
  });

  test('asks for a row of which it missed messages, and shows what it knows meanwhile', () => {
    const heard = hear(loaded, newMessage(6));
    expect(c1(heard)).toMatchObject({ lastSeq: 6, unreadCount: 3 });
    expect(heard.stale).toEqual({ c1: 6 });
  });

  test('asks for a conversation that it does not know', () => {
    expect(hear(loaded, newMessage(1, { conversationId: 'c9' })).stale).toEqual({ c9: 1 });
  });

  test('asks for a changed row, and not for one that is newer than the change', () => {
    const updated = { ...numbered, type: 'conversation_updated', lastSeq: 3 } as const;
    expect(hear(loaded, { ...updated, ev: 4 }).stale).toEqual({ c1: 4 });
    expect(hear(loaded, { ...updated, ev: 3 }).stale).toEqual({});
  });

  test('drops a conversation that one was removed from', () => {
    const removed = { ...numbered, type: 'conversation_removed', lastSeq: 3, ev: 4 } as const;
    expect(c1(hear(loaded, removed))).toBeUndefined();
  });

  test('keeps a row stale that an event touched while it was being fetched', () => {
    const before = hear(loaded, newMessage(6));
    const row = exampleConversation({ id: 'c1', ev: 6, lastSeq: 6, unreadCount: 3 });
    const fetched = withFetched(before, { id: 'c1', row, before });
    expect(fetched.stale).toEqual({});
    const touched = hear(before, newMessage(9));
    expect(withFetched(touched, { id: 'c1', row, before }).stale).toEqual({ c1: 9 });
  });

  test('does not go back to an older state that arrives late', () => {
    const heard = hear(loaded, newMessage(4));
    const late = { items: loaded.conversations.slice(), nextCursor: null };
    expect(c1(withLoaded(heard, late, loaded))).toMatchObject({ lastSeq: 4, unreadCount: 1 });
  });

  test('drops at a load what is gone, and keeps what came in the meantime', () => {
    const row = exampleConversation({ id: 'c3' });
    const inbox = withFetched(loaded, { id: 'c3', row, before: loaded });
    const list = { items: [exampleConversation({ id: 'c2' })], nextCursor: null };
    const after = withLoaded(inbox, list, loaded);
    expect(after.conversations.map(({ id }) => id).toSorted()).toEqual(['c2', 'c3']);
  });

  test('is loaded again after a doubt, unless the load was older than the doubt', () => {
    const doubted = withInboxDoubt(loaded);
    expect(needsLoad(doubted)).toBe(true);
    const list = { items: [...loaded.conversations], nextCursor: null };
    expect(needsLoad(withLoaded(doubted, list, loaded))).toBe(true);
    expect(needsLoad(withLoaded(doubted, list, doubted))).toBe(false);
  });

  test('ignores an event of a kind that it does not know', () => {
    const event = { ...numbered, type: 'from_the_future', ev: 4 };
    expect(hear(loaded, event as never)).toBe(loaded);
  });
});

describe('what was read', () => {
  const unread = [4, 5, 6].reduce((inbox, seq) => hear(inbox, newMessage(seq)), loaded);

  test('leaves the count at once', () => {
    expect(c1(withReadUpTo(unread, { conversationId: 'c1', seq: 6 }))).toMatchObject({
      unreadCount: 0,
      lastReadSeq: 6,
    });
  });

  test('on another device clears this one', () => {
    const read = {
      ...numbered,
      type: 'read',
      userId: 'ann',
      lastReadSeq: 5,
      unreadCount: 1,
    } as const;
    expect(c1(hear(unread, read))?.unreadCount).toBe(1);
  });

  test('does not hide a message that came after the server counted', () => {
    const read = { conversationId: 'c1', lastReadSeq: 6, unreadCount: 0 };
    expect(c1(withRead(hear(unread, newMessage(7)), read))?.unreadCount).toBe(1);
  });

  test('never goes back', () => {
    const read = withReadUpTo(unread, { conversationId: 'c1', seq: 6 });
    const late = { conversationId: 'c1', lastReadSeq: 4, unreadCount: 2 };
    expect(withRead(read, late)).toBe(read);
  });

  test('survives a row from the server that does not know of it yet', () => {
    const read = withReadUpTo(unread, { conversationId: 'c1', seq: 6 });
    const row = exampleConversation({ id: 'c1', ev: 6, lastSeq: 6, unreadCount: 3 });
    const after = withFetched(read, { id: 'c1', row, before: read });
    expect(c1(after)).toMatchObject({ unreadCount: 0, lastReadSeq: 6 });
  });
});
