import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { exampleConversation } from '../../../test/chat-client/example.ts';
import { emptyChat } from '../state/chat-state.ts';
import { ApiProblem } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createStore } from './create-store.ts';
import { createOpenRooms } from './open-rooms.ts';
import { createDeliveredReports } from './report-delivered.ts';
import { createReadReports } from './report-read.ts';
import { createTypingReports } from './tell-typing.ts';
import { createViewingReports } from './tell-viewing.ts';

const MOMENT = { at: '2026-05-04T12:00:00.000Z', epoch: 'e1', conversationId: 'c1' };

/** Ann's list with one direct conversation of Ben's, read up to message 3 of 3. */
function listed() {
  const store = createStore(emptyChat('ann'), () => {});
  const items = [exampleConversation({ id: 'c1' })];
  store.dispatch({ type: 'list', asked: 9, list: { items, nextCursor: null } });
  const say = (seq: number) =>
    store.dispatch({
      ...{ type: 'event', conversationId: null, now: 0 },
      event: {
        ...{ ...MOMENT, type: 'new_message', ev: seq, seq, lastSeq: seq },
        ...{ messageId: `message-${seq}`, senderId: 'ben', preview: 'words' },
      },
    });
  const remove = () =>
    store.dispatch({
      ...{ type: 'event', conversationId: null, now: 0 },
      event: { ...MOMENT, type: 'conversation_removed', ev: 9, lastSeq: 9 },
    });
  return { store, say, remove };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what has reached a device', () => {
  test('is reported together, at most once a second', async () => {
    const { store, say } = listed();
    const delivered = vi.fn<ChatApi['delivered']>(async () => ({ items: [] }));
    const reports = createDeliveredReports({ store, api: { delivered } as unknown as ChatApi });
    store.subscribe(reports.look);
    for (const seq of [4, 5, 6, 7]) say(seq);
    await vi.advanceTimersByTimeAsync(900);
    expect(delivered.mock.calls).toEqual([[[{ conversationId: 'c1', seq: 4 }]]]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(delivered.mock.calls.slice(1)).toEqual([[[{ conversationId: 'c1', seq: 7 }]]]);
  });

  test('is reported no more to a server that takes no such reports', async () => {
    const { store, say } = listed();
    const delivered = vi.fn<ChatApi['delivered']>(async () => {
      throw new ApiProblem({ status: 404, code: 'not_found', message: 'No.' });
    });
    const reports = createDeliveredReports({ store, api: { delivered } as unknown as ChatApi });
    store.subscribe(reports.look);
    for (const seq of [4, 5]) {
      say(seq);
      await vi.advanceTimersByTimeAsync(5000);
    }
    expect(delivered).toHaveBeenCalledTimes(1);
  });
});

describe('what was read', () => {
  test('is reported at most once a second, up to the furthest message', async () => {
    const { store, say } = listed();
    for (const seq of [4, 5, 6]) say(seq);
    const markRead = vi.fn<ChatApi['markRead']>(async (_id, seq) => ({
      ...{ lastReadSeq: seq, unreadCount: 0, totalUnread: 0 },
    }));
    const reports = createReadReports({ store, api: { markRead } as unknown as ChatApi });
    for (const seq of [4, 5, 6]) reports.markRead('c1', seq);
    await vi.advanceTimersByTimeAsync(3000);
    expect(markRead.mock.calls).toEqual([
      ['c1', 4],
      ['c1', 6],
    ]);
  });

  test('is not reported by somebody who was removed meanwhile', async () => {
    const { store, say, remove } = listed();
    for (const seq of [4, 5]) say(seq);
    const markRead = vi.fn<ChatApi['markRead']>(async (_id, seq) => ({
      ...{ lastReadSeq: seq, unreadCount: 0, totalUnread: 0 },
    }));
    const reports = createReadReports({ store, api: { markRead } as unknown as ChatApi });
    for (const seq of [4, 5]) reports.markRead('c1', seq);
    remove();
    await vi.advanceTimersByTimeAsync(3000);
    expect(markRead.mock.calls).toEqual([['c1', 4]]);
  });
});

describe('who looks', () => {
  test('tells one thing after the other, so that an earlier word does not come last', async () => {
    const answers: (() => void)[] = [];
    const told: string[] = [];
    const viewing: ChatApi['viewing'] = (_id, state) => {
      told.push(state);
      return new Promise((resolve) => answers.push(() => resolve({ expiresInMs: 60_000 })));
    };
    const reports = createViewingReports({ api: { viewing } });
    reports.start('c1');
    reports.stop('c1', { silently: false });
    reports.start('c1');
    const order = ['start', 'stop', 'start'];
    for (const count of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(1000);
      expect(told).toEqual(order.slice(0, count));
      answers.shift()?.();
    }
  });

  test('says again that they are back where they were away for a moment only', async () => {
    const answers = [60_000, 0, 0, 60_000].map((expiresInMs) => ({ expiresInMs }));
    const viewing = vi.fn<ChatApi['viewing']>(async () => answers.shift() ?? { expiresInMs: 0 });
    const reports = createViewingReports({ api: { viewing } });
    reports.start('c1');
    await vi.advanceTimersByTimeAsync(500);
    reports.stop('c1', { silently: false });
    await vi.advanceTimersByTimeAsync(500);
    reports.start('c1');
    await vi.advanceTimersByTimeAsync(2_499);
    expect(viewing).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(viewing.mock.calls.map(([, state]) => state)).toEqual([
      'start',
      'stop',
      'start',
      'start',
    ]);
  });

  test('asks seldom where nobody is told', async () => {
    const viewing = vi.fn<ChatApi['viewing']>(async () => ({ expiresInMs: 0 }));
    createViewingReports({ api: { viewing } }).start('c1');
    await vi.advanceTimersByTimeAsync(59_000);
    expect(viewing).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(viewing).toHaveBeenCalledTimes(2);
  });

  test.each([
    { why: 'closes it', removed: false },
    { why: 'was removed', removed: true },
  ])('tells it is over where they $why: only where somebody is to be told', async ({ removed }) => {
    const { store, remove } = listed();
    const viewing = vi.fn<ChatApi['viewing']>(async () => ({ expiresInMs: 60_000 }));
    const reports = createViewingReports({ api: { viewing } });
    const rooms = createOpenRooms({ store, viewing: reports });
    const close = rooms.open('c1');
    reports.start('c1');
    if (removed) remove();
    close();
    await vi.advanceTimersByTimeAsync(0);
    const told = [['c1', 'start'], ...(removed ? [] : [['c1', 'stop']])];
    expect(viewing.mock.calls).toEqual(told);
  });
});

describe('who writes', () => {
  test('says so with the first key, then every three seconds, and that they gave up', () => {
    const typing = vi.fn<ChatApi['typing']>(async () => ({ expiresInMs: 7000 }));
    const reports = createTypingReports({ api: { typing } });
    for (const afterMs of [0, 1000, 1900, 100, 1000]) {
      vi.advanceTimersByTime(afterMs);
      reports.typing('c1');
    }
    expect(typing).toHaveBeenCalledTimes(2);
    reports.stopped('c1', { silently: false });
    expect(typing).toHaveBeenLastCalledWith('c1', 'stop');
    reports.stopped('c1', { silently: false });
    expect(typing).toHaveBeenCalledTimes(3);
  });

  test('leaves it to the message to say that it is written', () => {
    const typing = vi.fn<ChatApi['typing']>(async () => ({ expiresInMs: 7000 }));
    const reports = createTypingReports({ api: { typing } });
    reports.typing('c1');
    reports.stopped('c1', { silently: true });
    expect(typing).toHaveBeenCalledTimes(1);
  });

  test('says so again after a message, no sooner than it is passed on, unless they stop before', () => {
    const typing = vi.fn<ChatApi['typing']>(async () => ({ expiresInMs: 7000 }));
    const reports = createTypingReports({ api: { typing } });
    const write = () => reports.typing('c1');
    write();
    reports.stopped('c1', { silently: true });
    for (const _key of 'on') write();
    vi.advanceTimersByTime(2499);
    expect(typing).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(typing).toHaveBeenCalledTimes(2);

    reports.stopped('c1', { silently: true });
    write();
    reports.stopped('c1', { silently: true });
    vi.advanceTimersByTime(10_000);
    expect(typing).toHaveBeenCalledTimes(2);
    write();
    reports.stopped('c1', { silently: true });
    write();
    reports.stopAll();
    vi.advanceTimersByTime(10_000);
    expect(typing).toHaveBeenCalledTimes(3);
  });
});
