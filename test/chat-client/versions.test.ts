import { emptyChat, needsOf, reduce } from '@rov/realtime/client';
import type { ChatInput, ChatState } from '@rov/realtime/client';
import { describe, expect, test } from 'vitest';

import { exampleConversation, exampleMessage, examplePage } from './example.ts';

const feed = (state: ChatState, ...inputs: ChatInput[]) => inputs.reduce(reduce, state);
const heard = (conversationId: string | null, event: Record<string, unknown>): ChatInput => ({
  ...{ type: 'event', conversationId, now: 0 },
  event: { v: 1, eventId: 'x', at: '2026-05-04T12:00:00.000Z', epoch: 'e1', type: '', ...event },
});

/** The same person's client with messages 1 to 3, whichever server it talks to. */
const loaded = feed(
  emptyChat('ann'),
  {
    type: 'list',
    asked: 9,
    list: { items: [exampleConversation({ id: 'c1' })], nextCursor: null },
  },
  { type: 'opened', conversationId: 'c1' },
  {
    ...{ type: 'page', conversationId: 'c1', asked: 9 },
    ...{ how: { way: 'latest' }, page: examplePage({ from: 1, to: 3 }) },
  },
);

/** What a server from before the numbers of messages says of a fourth message. */
const OLD: ChatInput[] = [
  heard('c1', {
    type: 'message',
    conversationId: 'c1',
    ev: 4,
    message: exampleMessage({ seq: 4 }),
  }),
  heard(null, {
    ...{ type: 'new_message', conversationId: 'c1', ev: 4, seq: 4, lastSeq: 4 },
    ...{ messageId: 'message-4', senderId: 'ben', preview: 'message 4' },
  }),
  heard(null, { type: 'presence', userId: 'ben', status: 'online', lastSeenAt: null, version: 2 }),
];

/** The same of a newer server than this client knows. */
const NEW: ChatInput[] = [
  heard('c1', {
    ...{
      type: 'message',
      conversationId: 'c1',
      ev: 4,
      mentions: ['ann'],
      importance: { level: 3 },
    },
    message: {
      ...{ ...exampleMessage({ seq: 4 }), ev: 4, reactions: [], poll: { choices: ['a', 'b'] } },
      ...{ editedAt: null, deletedAt: null, thread: { count: 0 } },
    },
  }),
  heard('c1', { type: 'poll_closed', conversationId: 'c1', ev: 5, poll: 7 }),
  heard('c1', { type: 'drawing', userId: 'ben', strokes: [[1, 2]] }),
  heard(null, {
    ...{ type: 'new_message', conversationId: 'c1', ev: 4, seq: 4, lastSeq: 4, urgent: true },
    ...{ messageId: 'message-4', senderId: 'ben', preview: 'message 4', messageType: 'text' },
  }),
  heard(null, { type: 'call_started', conversationId: 'c1', ev: 6, seq: 5, lastSeq: 5 }),
  heard(null, {
    type: 'presence',
    userId: 'ben',
    status: 'online',
    lastSeenAt: null,
    version: 2,
    device: 'phone',
  }),
];

describe.each([
  ['an older server', OLD],
  ['a newer server', NEW],
])('a client of %s', (_server, events) => {
  const after = feed(loaded, ...events);

  test('shows what it understands, and lacks nothing', () => {
    const { items } = after.rooms['c1']!.transcript;
    expect(items.map(({ content }) => content)).toEqual(
      [1, 2, 3, 4].map((seq) => `message ${seq}`),
    );
    expect(after.inbox.conversations[0]).toMatchObject({ lastSeq: 4, unreadCount: 1 });
    expect(after.presence['ben']?.status).toBe('online');
    expect(needsOf(after)).toEqual([]);
  });

  test('comes to the same when all of it is heard again', () => {
    expect(feed(after, ...events)).toBe(after);
  });
});

describe('a client that hears what no server should say', () => {
  test.each([
    ['nothing but a type', { type: 'message' }],
    ['a type that is none of any server', { type: '__proto__' }],
    [
      'fields of other types',
      { type: 'read', userId: 7, lastReadSeq: 'five', conversationId: null },
    ],
  ])('goes on after %s', (_what, event) => {
    for (const conversationId of ['c1', null]) {
      expect(() => feed(loaded, heard(conversationId, event))).not.toThrow();
    }
  });
});
