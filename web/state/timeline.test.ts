import type { PendingSend } from '@rov/realtime/client';
import { describe, expect, test } from 'vitest';

import { exampleMessage, exampleProfile } from '../../test/chat-client/example.ts';
import { timeline } from './timeline.ts';

const me = exampleProfile('ann');
const at = (hour: number, minute = 0, day = 4) =>
  new Date(2026, 4, day, hour, minute).toISOString();
const draw = (facts: Partial<Parameters<typeof timeline>[0]>) =>
  timeline({
    messages: [],
    pending: [],
    me,
    unreadAfter: null,
    hasOlder: false,
    receipts: {},
    editedId: null,
    ...facts,
  });
const send: PendingSend = {
  clientId: 'mine',
  content: 'hello',
  writtenAt: Date.parse(at(10)),
  state: 'sending',
  reason: null,
  retryAt: null,
  attempts: 1,
};

describe('the timeline', () => {
  test('begins each day with a line', () => {
    const messages = [
      exampleMessage({ seq: 1, createdAt: at(9) }),
      exampleMessage({ seq: 2, createdAt: at(9, 0, 5) }),
    ];
    expect(draw({ messages }).map(({ kind }) => kind)).toEqual([
      'day',
      'message',
      'day',
      'message',
    ]);
  });

  test("puts one sender's messages of a moment under one name", () => {
    const messages = [
      exampleMessage({ seq: 1, createdAt: at(9, 0) }),
      exampleMessage({ seq: 2, createdAt: at(9, 1) }),
      exampleMessage({ seq: 3, createdAt: at(9, 30) }),
      exampleMessage({ seq: 4, createdAt: at(9, 31), from: 'ann' }),
    ];
    const runs = draw({ messages }).flatMap((row) =>
      row.kind === 'message' ? [[row.startsRun, row.endsRun]] : [],
    );
    expect(runs).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  test('draws the line above the first unread message of somebody else, once', () => {
    const messages = [
      exampleMessage({ seq: 1 }),
      exampleMessage({ seq: 2, from: 'ann' }),
      exampleMessage({ seq: 3 }),
      exampleMessage({ seq: 4 }),
    ];
    const keys = draw({ messages, unreadAfter: 1 }).map(({ key }) => key);
    expect(keys.indexOf('unread')).toBe(keys.indexOf('ben client-3') - 1);
    expect(keys.filter((key) => key === 'unread')).toHaveLength(1);
    const beyond = { messages: messages.slice(2), unreadAfter: 1 };
    expect(draw({ ...beyond, hasOlder: true }).some(({ kind }) => kind === 'unread')).toBe(false);
    expect(draw({ messages, unreadAfter: 4 }).some(({ kind }) => kind === 'unread')).toBe(false);
  });

  test('gives a send the key that its message will have', () => {
    const message = exampleMessage({ seq: 1, from: 'ann', clientId: 'mine', createdAt: at(10) });
    const before = draw({ pending: [send] }).at(-1);
    const after = draw({ messages: [message] }).at(-1);
    expect(before?.key).toBe(after?.key);
    expect(before).toMatchObject({ mine: true, pending: send, seq: null });
  });

  test('marks the message that is being edited, and leaves the rows around it as they were', () => {
    const messages = [1, 2, 3].map((seq) => exampleMessage({ seq, from: 'ann' }));
    const before = draw({ messages });
    const now = draw({ messages, editedId: 'message-2' });
    expect(now.map((row) => row.kind === 'message' && row.inEdit)).toEqual([
      ...[false, false, true, false],
    ]);
    expect(now[1]).toBe(before[1]);
    expect(now[3]).toBe(before[3]);
  });

  test("counts whom one's own messages have reached", () => {
    const messages = [1, 2, 3].map((seq) => exampleMessage({ seq, from: 'ann' }));
    const receipts = {
      ben: { lastReadSeq: 1, lastDeliveredSeq: 2 },
      cleo: { lastReadSeq: 2, lastDeliveredSeq: 2 },
    };
    const rows = draw({ messages, receipts }).filter((row) => row.kind === 'message');
    expect(rows.map(({ delivered, read }) => [delivered, read])).toEqual([
      [2, 2],
      [2, 1],
      [0, 0],
    ]);
    const [theirs] = draw({ messages: [exampleMessage({ seq: 1 })], receipts }).slice(-1);
    expect(theirs).toMatchObject({ delivered: 0, read: 0 });
  });

  test('gives every row a key of its own, also when a clock is behind', () => {
    const messages = [exampleMessage({ seq: 1, createdAt: at(9, 0, 5) })];
    const keys = draw({ messages, pending: [send] }).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
