import type { Conversation } from '@rov/realtime';
import { emptyChat, reduce } from '@rov/realtime/client';
import type { ChatInput } from '@rov/realtime/client';
import { describe, expect, test } from 'vitest';

import { exampleConversation, exampleProfile } from '../../test/chat-client/example.ts';
import { noticesBetween } from './notices.ts';

const AT = '2026-05-04T12:00:00.000Z';
const NOW = Date.parse(AT) + 1000;

const said = { id: 'm4', seq: 4, senderId: 'ben', preview: 'Are you coming?', createdAt: AT };
const direct = exampleConversation({ id: 'c1' });
const news = { lastSeq: 4, ev: 4, unreadCount: 1, lastMessage: said };
const group = { kind: 'group', title: 'Walk on Sunday', memberCount: 12 } as const;

const told = (...items: Conversation[]): ChatInput => ({
  ...{ type: 'list', asked: 9 },
  list: { items, nextCursor: null },
});
const knowing = (...inputs: ChatInput[]) => inputs.reduce(reduce, emptyChat('ann'));

/** What Ann is notified of when her list, which was `direct`, becomes this. */
function noticesOf(facts: Partial<Conversation>, { from = direct, now = NOW } = {}) {
  const after = knowing(told({ ...from, ...facts }));
  return noticesBetween({ before: knowing(told(from)), after, now });
}

describe('somebody is notified of what another', () => {
  test('has said just now', () => {
    expect(noticesOf(news)).toEqual([
      { conversationId: 'c1', title: 'Ben', body: 'Are you coming?' },
    ]);
  });

  test('has said in a group, with its title', () => {
    const from = { ...direct, ...group };
    expect(noticesOf(news, { from })).toMatchObject([{ title: 'Ben in Walk on Sunday' }]);
    const members = [exampleProfile('ann'), exampleProfile('cleo')];
    const stranger = noticesOf(news, { from: { ...from, members } });
    expect(stranger).toMatchObject([{ title: 'Somebody in Walk on Sunday' }]);
  });

  test('has said first of all, in a conversation that was not there', () => {
    const first = { ...direct, ...news, lastSeq: 1, lastMessage: { ...said, seq: 1 } };
    const unread = { ...first, lastReadSeq: 0 };
    const notices = noticesBetween({
      ...{ before: knowing(told()), after: knowing(told(unread)), now: NOW },
    });
    expect(notices).toHaveLength(1);
  });

  test('has said in an outage of a minute, and the newest of it alone', () => {
    const later = { ...said, seq: 6, preview: 'And now?' };
    const several = { ...news, lastSeq: 6, unreadCount: 3, lastMessage: later };
    expect(noticesOf(several, { now: Date.parse(AT) + 60_000 })).toMatchObject([
      { body: 'And now?' },
    ]);
  });

  test('has said where more was marked as unread', () => {
    expect(noticesOf({ ...news, unreadCount: 3, unreadFromSeq: 2 })).toHaveLength(1);
  });
});

describe('nobody is notified', () => {
  test('of what was said longer ago', () => {
    expect(noticesOf(news, { now: Date.parse(AT) + 60_001 })).toEqual([]);
  });

  test('of what a list brings that is loaded for the first time', () => {
    const after = knowing(told({ ...direct, ...news }));
    expect(noticesBetween({ before: emptyChat('ann'), after, now: NOW })).toEqual([]);
  });

  test('twice of the same', () => {
    const heard = knowing(told({ ...direct, ...news }));
    const edited = { ...news, ev: 5, lastMessage: { ...said, preview: 'Are you there?' } };
    const after = knowing(told({ ...direct, ...edited }));
    expect(noticesBetween({ before: heard, after, now: NOW })).toEqual([]);
  });

  test('of what shows again because what followed was deleted', () => {
    const from = { ...direct, ...news, lastSeq: 5, lastMessage: { ...said, seq: 5 } };
    expect(noticesOf({ lastMessage: said }, { from })).toEqual([]);
  });

  test('of their own messages', () => {
    const mine = { ...said, senderId: 'ann' };
    expect(noticesOf({ ...news, lastMessage: mine })).toEqual([]);
  });

  test('of what happens to a group', () => {
    const from = { ...direct, ...group, unreadCount: 1 };
    const note = { ...said, type: 'system' as const };
    expect(noticesOf({ ...news, lastMessage: note }, { from })).toEqual([]);
  });

  test('of what is deleted already', () => {
    const gone = { ...said, preview: '', deletedAt: AT };
    expect(noticesOf({ ...news, lastMessage: gone })).toEqual([]);
  });

  test('of what they have read elsewhere, also where more is marked as unread', () => {
    expect(noticesOf({ ...news, unreadCount: 0, lastReadSeq: 4 })).toEqual([]);
    expect(noticesOf({ ...news, unreadCount: 2, unreadFromSeq: 3, lastReadSeq: 4 })).toEqual([]);
  });

  test('where nothing was ever said', () => {
    expect(noticesOf({ title: 'Walk' })).toEqual([]);
  });
});
