import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { exampleMessage, examplePage } from '../../../test/chat-client/example.ts';
import type { Message, MessagePage, SendMessageRequest } from '../../contract/index.ts';
import { emptyChat } from '../state/chat-state.ts';
import { ApiProblem } from './api-problem.ts';
import { createActions } from './chat-actions.ts';
import type { ChatApi } from './chat-api.ts';
import { createStore } from './create-store.ts';
import { createFetcher } from './fetch-needs.ts';
import { createPendingKeeper } from './keep-pending.ts';
import type { KeptSend } from './keep-pending.ts';
import { createSilenceWatch } from './notice-silence.ts';
import { createSender } from './send-in-order.ts';

const unreachable = () => new ApiProblem({ status: 0, code: 'unreachable', message: 'No answer.' });
const refused = () => new ApiProblem({ status: 422, code: 'not_allowed', message: 'Not allowed.' });

/** Ann's client with one conversation open, on a server whose answers the test gives one by one. */
function openRoom({ pages = [] }: { pages?: (MessagePage | ApiProblem)[] } = {}) {
  const asked: object[] = [];
  const sent: SendMessageRequest[] = [];
  const answers: (Message | ApiProblem)[] = [];
  const give = async <T>(answer: T | ApiProblem | undefined): Promise<T> => {
    if (answer === undefined) throw unreachable();
    if (answer instanceof ApiProblem) throw answer;
    return answer;
  };
  const api = {
    messages: (_id: string, page: object) => {
      asked.push(page);
      return give(pages.shift());
    },
    send: (_id: string, request: SendMessageRequest) => {
      sent.push(request);
      const { clientId } = request;
      const answer = answers.shift();
      return give(answer instanceof ApiProblem ? answer : answer && { ...answer, clientId });
    },
  } as unknown as ChatApi;
  const store = createStore(emptyChat('ann'), () => {});
  const sender = createSender({ api, store });
  const fetcher = createFetcher({ api, store });
  const silence = createSilenceWatch({ store });
  const { send, retry } = createActions({ api, store, sender, typing: null });
  store.dispatch({ type: 'list', list: { items: [], nextCursor: null }, asked: 0 });
  store.dispatch({ type: 'opened', conversationId: 'c1' });
  store.subscribe(() => {
    fetcher.nudge();
    silence.look();
  });
  return {
    ...{ asked, sent, answers, store, fetcher, sender },
    room: () => store.get().rooms['c1']!,
    send: (content: string) => send('c1', content),
    retry: (clientId: string) => retry('c1', clientId),
    hear: (seq: number, message: Message = exampleMessage({ seq })) =>
      store.dispatch({
        ...{ type: 'event', conversationId: 'c1', now: 0 },
        event: { type: 'message', epoch: 'e1', ev: seq, message: { ...message, ev: seq } },
      }),
  };
}

const seqs = ({ room }: ReturnType<typeof openRoom>) =>
  room().transcript.items.map(({ seq }) => seq);
const mine = (seq: number) => ({ ...exampleMessage({ seq, from: 'ann' }), ev: seq });
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what the user writes', () => {
  test('is shown before anything is answered, and once after', async () => {
    const opened = openRoom({ pages: [examplePage({ from: 1, to: 0 })] });
    opened.fetcher.start();
    await settled();
    opened.answers.push(mine(1));
    opened.send('hello');
    expect(opened.room().pending).toMatchObject([{ content: 'hello', state: 'sending' }]);
    await settled();
    expect(opened.room().pending).toEqual([]);
    expect(seqs(opened)).toEqual([1]);
  });

  test('is tried again by itself under the same client id, and nothing overtakes', async () => {
    const opened = openRoom();
    opened.answers.push(unreachable(), mine(1), mine(2));
    opened.send('first');
    opened.send('second');
    await settled();
    expect(opened.room().pending.map(({ state }) => state)).toEqual(['failed', 'queued']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(opened.sent.map(({ content }) => content)).toEqual(['first', 'first', 'second']);
    expect(opened.sent[0]?.clientId).toBe(opened.sent[1]?.clientId);
    expect(opened.room().pending).toEqual([]);
  });

  test('waits as long as the server asked', async () => {
    const opened = openRoom();
    const facts = { status: 429, code: 'rate_limited', message: 'Slowly.', retryAfterMs: 9000 };
    opened.answers.push(new ApiProblem(facts), mine(1));
    opened.send('hello');
    await vi.advanceTimersByTimeAsync(8900);
    expect(opened.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(opened.sent).toHaveLength(2);
  });

  test('is left to the sender once it was refused, who retries under the same client id', async () => {
    const opened = openRoom();
    opened.answers.push(refused(), mine(1));
    opened.send('hello');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.sent).toHaveLength(1);
    expect(opened.room().pending).toMatchObject([{ state: 'failed', reason: 'Not allowed.' }]);
    opened.retry(opened.sent[0]!.clientId);
    await settled();
    expect(opened.sent[1]).toEqual(opened.sent[0]);
    expect(opened.room().pending).toEqual([]);
  });

  test('is not sent again once an event has shown it, though the answer was lost', async () => {
    const opened = openRoom({ pages: [examplePage({ from: 1, to: 0 })] });
    opened.fetcher.start();
    await settled();
    opened.answers.push(unreachable());
    opened.send('hello');
    await settled();
    opened.hear(1, { ...mine(1), clientId: opened.sent[0]!.clientId });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.sent).toHaveLength(1);
    expect(opened.room().pending).toEqual([]);
    expect(seqs(opened)).toEqual([1]);
  });

  test('outlives a page under the same client id where it is kept', async () => {
    let kept: readonly KeptSend[] = [];
    const storage = { load: () => kept, save: (sends: readonly KeptSend[]) => void (kept = sends) };
    const before = openRoom();
    const keeper = createPendingKeeper({ storage, store: before.store, report: () => {} });
    await keeper.load();
    before.store.subscribe(keeper.save);
    before.send('hello');
    before.sender.stop();

    const after = openRoom();
    after.answers.push(mine(1));
    await createPendingKeeper({ storage, store: after.store, report: () => {} }).load();
    after.sender.wakeAll();
    await settled();
    expect(after.sent).toEqual(before.sent);
  });
});

describe('what a conversation lacks', () => {
  test('is fetched again with pauses where an attempt failed, and nobody asks in between', async () => {
    const opened = openRoom({ pages: [unreachable(), examplePage({ from: 1, to: 3 })] });
    opened.fetcher.start();
    await settled();
    expect(opened.room().trouble?.code).toBe('unreachable');
    opened.hear(4);
    opened.hear(5);
    expect(opened.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(seqs(opened)).toEqual([1, 2, 3, 4, 5]);
    expect(opened.room().trouble).toBeNull();
  });

  test('is asked for from before the hole', async () => {
    const opened = openRoom({
      pages: [examplePage({ from: 1, to: 3 }), examplePage({ from: 4, to: 6 })],
    });
    opened.fetcher.start();
    await settled();
    opened.hear(6);
    await settled();
    expect(opened.asked[1]).toEqual({ changedSince: 3, limit: 100 });
    expect(seqs(opened)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('is asked for by what was said where a server cannot tell what changed', async () => {
    const ignorant = new ApiProblem({ status: 400, code: 'invalid_request', message: 'What?' });
    const opened = openRoom({
      pages: [examplePage({ from: 1, to: 3 }), ignorant, examplePage({ from: 4, to: 6 })],
    });
    opened.fetcher.start();
    await settled();
    opened.hear(6);
    await vi.advanceTimersByTimeAsync(1000);
    expect(opened.asked[2]).toEqual({ after: 3, limit: 100 });
    expect(seqs(opened)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('is asked for when the list knows of a message that its own channel never brought', async () => {
    const opened = openRoom({
      pages: [examplePage({ from: 1, to: 3 }), examplePage({ from: 4, to: 4 })],
    });
    opened.fetcher.start();
    await settled();
    const row = { lastSeq: 4, ev: 4, epoch: 'e1', id: 'c1', createdAt: '', unreadCount: 0 };
    opened.store.dispatch({
      ...{ type: 'row', conversationId: 'c1', asked: 99 },
      row: { ...row, lastReadSeq: 0, lastMessage: null } as never,
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(opened.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1500);
    expect(seqs(opened)).toEqual([1, 2, 3, 4]);
  });
});
