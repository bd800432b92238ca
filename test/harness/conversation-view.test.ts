import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test, vi } from 'vitest';

import { watchConversation } from './conversation-view.ts';
import { RestProblem } from './rest.ts';
import type { Rest } from './rest.ts';
import { createSignal } from './until.ts';

type Page = Awaited<ReturnType<Rest['messages']>>;
const message = (seq: number) =>
  ({ id: `id-${seq}`, clientId: `c-${seq}`, seq }) as Page['items'][number];
const page = (...seqs: number[]) =>
  ({ items: seqs.map(message), hasNewer: false, ev: Math.max(...seqs) }) as Page;
const problem = (status: number): RestProblem =>
  new RestProblem('GET', { type: 'x', title: 'x', status, code: 'x' } as RestProblem['problem']);

function watch() {
  const messages = vi.fn<Rest['messages']>();
  const closing = new AbortController();
  const view = watchConversation({
    id: 'a',
    rest: { messages },
    changed: createSignal(),
    closed: closing.signal,
  });
  const shown = () => view.shown.map(({ clientId }) => clientId);
  return { messages, closing, view, shown };
}

test.each([
  ['an API that is away', new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })],
  ['a database that is away', problem(503)],
  ['an answer that does not come', new DOMException('late', 'TimeoutError')],
])('%s is asked again, and what comes meanwhile is shown after it, once', async (_, fault) => {
  const { messages, view, shown } = watch();
  messages.mockResolvedValueOnce(page(1)).mockRejectedValueOnce(fault);
  messages.mockResolvedValueOnce(page(2, 3)).mockResolvedValueOnce(page(2, 3));
  await view.load();
  view.take({ ev: 3, type: 'message', message: message(3) });
  view.take({ ev: 4, type: 'message', message: message(4) });
  await vi.waitFor(() => expect(shown()).toEqual(['c-1', 'c-2', 'c-3', 'c-4']), 5_000);
  expect(messages.mock.calls.map(([, query]) => query)).toEqual([
    { after: 0, limit: 100 },
    { after: 1, limit: 100 },
    { after: 1, limit: 100 },
    { changedSince: 1, limit: 100 },
  ]);
  expect(view.refetches()).toBe(1);
});

test('of two states of a message the one with the higher number is shown, whichever comes first', async () => {
  const { messages, view } = watch();
  const state = (seq: number, ev: number, content: string) => ({ ...message(seq), ev, content });
  messages.mockResolvedValueOnce({ ...page(1), items: [state(1, 1, 'said')] });
  await view.load();
  const content = async () => {
    await new Promise(setImmediate);
    return [...view.states.values()].map((one) => one.content);
  };
  view.take({ ev: 2, type: 'message_updated', message: state(1, 2, 'edited') });
  view.take({ ev: 2, type: 'message_updated', message: state(1, 1, 'said') });
  expect(await content()).toEqual(['edited']);
  // 3 was missed: a new message, and the deletion of the first.
  messages.mockResolvedValueOnce({ ...page(2), items: [state(2, 3, 'new')], ev: 4 });
  messages.mockResolvedValueOnce({ ...page(), items: [state(1, 4, '')], hasNewer: true, ev: 4 });
  messages.mockResolvedValueOnce({ ...page(), items: [], ev: 4 });
  view.take({ ev: 4, type: 'message_deleted' });
  expect(await content()).toEqual(['', 'new']);
  expect(messages.mock.calls.slice(1).map(([, query]) => query)).toEqual([
    { after: 1, limit: 100 },
    { changedSince: 2, limit: 100 },
    { changedSince: 4, limit: 100 },
  ]);
});

test('a refusal and an answer of a wrong shape are faults', async () => {
  for (const fault of [problem(403), problem(500), new Error('another shape')]) {
    const { messages, view } = watch();
    messages.mockRejectedValue(fault);
    await expect(view.load()).rejects.toBe(fault);
    expect(messages).toHaveBeenCalledTimes(1);
  }
});

test('one that is closed asks no more', async () => {
  const { messages, closing, view } = watch();
  messages.mockRejectedValue(problem(503));
  void view.load();
  await vi.waitFor(() => expect(messages).toHaveBeenCalledTimes(2), 5_000);
  closing.abort();
  await sleep(1_200);
  expect(messages.mock.calls.length).toBeLessThanOrEqual(3);
});
