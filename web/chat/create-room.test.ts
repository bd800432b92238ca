import type { Message, MessagePage, SendMessageRequest } from '@rov/realtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ApiProblem } from '../api-problem.ts';
import type { Api } from '../api.ts';
import { exampleMessage, examplePage, exampleProfile } from '../state/example.ts';
import { createRoom } from './create-room.ts';

const unreachable = () => new ApiProblem({ status: 0, code: 'unreachable', message: 'No answer.' });
const refused = () => new ApiProblem({ status: 422, code: 'not_allowed', message: 'Not allowed.' });

/** A room of Ann's on a server whose answers the test gives one by one. */
function openRoom({ pages = [] }: { pages?: (MessagePage | ApiProblem)[] } = {}) {
  const asked: { before?: number; after?: number }[] = [];
  const sent: SendMessageRequest[] = [];
  const answers: (Message | ApiProblem)[] = [];
  const give = async <T>(answer: T | ApiProblem | undefined): Promise<T> => {
    if (answer === undefined) throw unreachable();
    if (answer instanceof ApiProblem) throw answer;
    return answer;
  };
  const api = {
    messages: (_id: string, page: { before?: number; after?: number }) => {
      asked.push(page);
      return give(pages.shift());
    },
    send: (_id: string, request: SendMessageRequest) => {
      sent.push(request);
      const { clientId } = request;
      const answer = answers.shift();
      return give(answer instanceof ApiProblem ? answer : answer && { ...answer, clientId });
    },
  };
  const room = createRoom({
    api: api as unknown as Api,
    me: exampleProfile('ann'),
    conversationId: 'c1',
  });
  return { room, asked, sent, answers, pages };
}

const seqs = ({ room }: ReturnType<typeof openRoom>) =>
  room.get().transcript.items.map(({ seq }) => seq);
const mine = (seq: number) => exampleMessage({ seq, from: 'ann' });
const said = (seq: number) => ({
  type: 'message',
  ev: seq,
  epoch: 'e1',
  message: exampleMessage({ seq }),
});
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a room that sends', () => {
  test('shows a message before anything is answered, and once after', async () => {
    const opened = openRoom();
    opened.answers.push(mine(1));
    opened.room.send('hello');
    expect(opened.room.get().pending).toMatchObject([{ content: 'hello', state: 'sending' }]);
    await settled();
    expect(opened.room.get().pending).toEqual([]);
    expect(seqs(opened)).toEqual([1]);
  });

  test('tries again by itself under the same client id, and lets nothing overtake', async () => {
    const opened = openRoom();
    opened.answers.push(unreachable(), mine(1), mine(2));
    opened.room.send('first');
    opened.room.send('second');
    await settled();
    expect(opened.room.get().pending.map(({ state }) => state)).toEqual(['failed', 'queued']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(opened.sent.map(({ content }) => content)).toEqual(['first', 'first', 'second']);
    expect(opened.sent[0]?.clientId).toBe(opened.sent[1]?.clientId);
    expect(opened.room.get().pending).toEqual([]);
  });

  test('leaves a refusal to the sender, who retries under the same client id', async () => {
    const opened = openRoom();
    opened.answers.push(refused(), mine(1));
    opened.room.send('hello');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.sent).toHaveLength(1);
    expect(opened.room.get().pending).toMatchObject([{ state: 'failed', reason: 'Not allowed.' }]);
    opened.room.retry(opened.sent[0]!.clientId);
    await settled();
    expect(opened.sent[1]).toEqual(opened.sent[0]);
    expect(opened.room.get().pending).toEqual([]);
  });

  test('does not send again what an event has shown, though the answer was lost', async () => {
    const opened = openRoom({ pages: [examplePage({ from: 1, to: 0 })] });
    opened.room.refresh();
    await settled();
    opened.answers.push(unreachable());
    opened.room.send('hello');
    await settled();
    const message = { ...mine(1), clientId: opened.sent[0]!.clientId };
    opened.room.hear({ ...said(1), message });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.sent).toHaveLength(1);
    expect(opened.room.get().pending).toEqual([]);
    expect(seqs(opened)).toEqual([1]);
  });

  test('does not wait for its time when the connection is back', async () => {
    const opened = openRoom();
    opened.answers.push(unreachable(), mine(1));
    opened.room.send('hello');
    await settled();
    opened.room.resume();
    await settled();
    expect(opened.sent).toHaveLength(2);
  });
});

describe('a room that listens', () => {
  test('asks for nothing as long as nothing is missing', async () => {
    const opened = openRoom({ pages: [examplePage({ from: 1, to: 3 })] });
    opened.room.refresh();
    await settled();
    opened.room.hear(said(4));
    await settled();
    expect(seqs(opened)).toEqual([1, 2, 3, 4]);
    expect(opened.asked).toHaveLength(1);
  });

  test('fetches what lies in a hole, page by page', async () => {
    const opened = openRoom({
      pages: [
        examplePage({ from: 1, to: 3 }),
        examplePage({ from: 4, to: 5, ev: 9, hasNewer: true }),
        examplePage({ from: 6, to: 9 }),
      ],
    });
    opened.room.refresh();
    await settled();
    opened.room.hear(said(9));
    await settled();
    expect(seqs(opened)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(opened.asked.map(({ after }) => after)).toEqual([undefined, 3, 5]);
  });

  test('says why it could not load, keeps trying, and forgets the problem', async () => {
    const opened = openRoom({ pages: [unreachable(), examplePage({ from: 1, to: 1 })] });
    opened.room.refresh();
    await settled();
    expect(opened.room.get().problem?.code).toBe('unreachable');
    await vi.advanceTimersByTimeAsync(3000);
    expect(opened.room.get().problem).toBeNull();
    expect(seqs(opened)).toEqual([1]);
  });

  test('asks when the list knows of a message that its own channel never brought', async () => {
    const opened = openRoom({
      pages: [examplePage({ from: 1, to: 3 }), examplePage({ from: 4, to: 4 })],
    });
    opened.room.subscribe(() => {});
    opened.room.refresh();
    await settled();
    opened.room.expect(4);
    await vi.advanceTimersByTimeAsync(1000);
    expect(opened.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(seqs(opened)).toEqual([1, 2, 3, 4]);
  });
});
