import { RealtimeProvider } from '@rov/realtime/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import type { FunctionComponent, ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render, renderHook } from 'vitest-browser-react';
import { configure } from 'vitest-browser-react/pure';
import { userEvent } from 'vitest/browser';

import { exampleMessage } from '../chat-client/example.ts';
import { fakeApi } from './fake-api.ts';
import { fakeCentrifugo } from './fake-centrifugo.ts';
import { fakeChat } from './fake-chat.ts';

// Whoever reads the documents may have it.
configure({ reactStrictMode: true });

const reported = vi.fn<(error: unknown) => void>();
let centrifugo: ReturnType<typeof fakeCentrifugo>;
let api: ReturnType<typeof fakeApi>;
let chat: ReturnType<typeof fakeChat>;

beforeEach(() => {
  reported.mockReset();
  centrifugo = fakeCentrifugo();
  api = fakeApi(centrifugo);
  chat = fakeChat({ centrifugo, api });
  vi.stubGlobal('WebSocket', centrifugo.WebSocket);
  vi.stubGlobal('fetch', api.fetch);
  reader({ accessToken: 'access', user: { id: 'ann' }, id: 'c1' });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What whoever reads a document has already. */
function reader(has: Record<string, unknown>) {
  for (const [name, value] of Object.entries(has)) vi.stubGlobal(name, value);
}

/** What a block of a document declares. */
async function block(document: string, name: string): Promise<any> {
  const blocks = await import(/* @vite-ignore */ `/${document}/${name}.tsx`);
  return blocks[name];
}

function below({ children }: { children: ReactNode }) {
  const api = { baseUrl: '', getAuth: () => 'access' };
  const props = { api, userId: 'ann', onError: reported };
  return createElement(RealtimeProvider, props, children);
}

const shown = async (component: FunctionComponent<any>, props: object = {}) =>
  await render(createElement(component, props), { wrapper: below });

describe('the README', () => {
  test('has a client without a framework that draws and sends', async () => {
    const drawn: string[][] = [];
    reader({ baseUrl: '', token: 'access', userId: 'ann' });
    reader({
      draw: (_list: unknown, _unread: number, messages: { content: string }[]) =>
        drawn.push(messages.map(({ content }) => content)),
    });
    const client = await block('realtime/README.md', 'chat');
    await expect.poll(() => drawn.at(-1)).toEqual(['Good morning']);
    client.stop();
  });

  test('has a chat in five minutes', async () => {
    chat.say('ben', 'Lunch?');
    const App = await block('realtime/README.md', 'App');
    const screen = await render(createElement(App));
    await expect.element(screen.getByText('Chat (1)')).toBeInTheDocument();
    await userEvent.click(screen.getByText('Group (1)'));
    await expect.element(screen.getByText('ben: Lunch?')).toBeInTheDocument();
    await expect.poll(() => centrifugo.channels()).toContain('conversation:c1');
    chat.tell('typing', 'ben', 'start');
    await expect.element(screen.getByText('ben …')).toBeInTheDocument();
    await userEvent.fill(screen.getByRole('textbox'), 'Gladly');
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByText('ann: Gladly')).toBeInTheDocument();
    expect(api.calls('POST', '/v1/conversations/c1/typing')).not.toEqual([]);
  });

  test('has a page that listens', async () => {
    const [load, add] = [vi.fn<() => void>(), vi.fn<(message: { content: string }) => void>()];
    reader({ load, add });
    const Room = await block('realtime/README.md', 'Room');
    const screen = await shown(Room, { id: 'c1' });
    await expect.element(screen.getByText('subscribed')).toBeInTheDocument();
    expect(load).toHaveBeenCalled();
    chat.say('ben', 'Hello');
    await expect.poll(() => add.mock.calls.map(([{ content }]) => content)).toEqual(['Hello']);
  });
});

describe('the document', () => {
  test('has a conversation that loads, merges and is live', async () => {
    const [load, merge] = [vi.fn<() => void>(), vi.fn<(message: object) => void>()];
    const Timeline = ({ isLive }: { isLive: boolean }) => createElement('p', null, String(isLive));
    reader({ load, merge, reloadChangesOf: load, Timeline });
    const screen = await shown(await block('docs/realtime.md', 'Conversation'), { id: 'c1' });
    await expect.element(screen.getByText('true')).toBeInTheDocument();
    expect(load).toHaveBeenCalledWith('c1');
    chat.say('ben', 'Hello');
    await expect.poll(() => merge.mock.calls).toHaveLength(1);
  });

  test('has a dot', async () => {
    const screen = await shown(await block('docs/realtime.md', 'Dot'), { userId: 'bob' });
    await expect.element(screen.getByTitle('online')).toBeInTheDocument();
  });

  test('has a log', async () => {
    chat.say('ben', 'Hello');
    const Log = await block('docs/realtime.md', 'Log');
    const screen = await shown(Log, { conversationId: 'c1' });
    await expect.element(screen.getByText('Hello')).toBeInTheDocument();
    await userEvent.click(screen.getByText('1 unread'));
    await expect.element(screen.getByText('0 unread')).toBeInTheDocument();
    await userEvent.click(screen.getByText('Greet'));
    await expect.element(screen.getByText('Good morning', { exact: true })).toBeInTheDocument();
  });
});

describe('a list in TanStack Query', () => {
  const fetchMessages = vi.fn<(conversationId: string) => Promise<unknown>>();
  const latest = async () => chat.server.page({ way: 'latest' }).items;

  async function listed() {
    reader({ fetchMessages });
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const useMessageList = await block('docs/realtime.md', 'useMessageList');
    const wrapper = ({ children }: { children: ReactNode }) =>
      below({ children: createElement(QueryClientProvider, { client }, children) });
    const { result } = await renderHook(() => useMessageList('c1'), { wrapper });
    return () => result.current.data?.map(({ content }: any) => content);
  }

  beforeEach(() => {
    fetchMessages.mockReset().mockImplementation(latest);
    chat.say('ben', 'one');
  });

  test('is loaded once, and changed by events without a request', async () => {
    const list = await listed();
    await expect.poll(list).toEqual(['one']);
    chat.say('ben', 'two');
    chat.say('ann', 'three');
    await expect.poll(list).toEqual(['one', 'two', 'three']);
    chat.server.edit(0, false);
    chat.deliver();
    await expect.poll(list).toEqual([expect.stringContaining('edit'), 'two', 'three']);
    expect(fetchMessages.mock.calls).toEqual([['c1']]);
  });

  test('keeps what it hears while it is loaded', async () => {
    let answer: (messages: unknown) => void = () => {};
    const asked = new Promise((resolve) => {
      answer = resolve;
    });
    fetchMessages.mockReturnValueOnce(asked);
    const list = await listed();
    await expect.poll(() => fetchMessages.mock.calls).toHaveLength(1);
    const before = await latest();
    chat.say('ben', 'two');
    await expect.poll(list).toEqual(['two']);
    answer(before);
    await expect.poll(list).toEqual(['one', 'two']);
  });

  test('is not read again after a short drop', async () => {
    const list = await listed();
    await expect.poll(list).toEqual(['one']);
    centrifugo.drop();
    await expect.poll(() => centrifugo.subscribes(), { timeout: 5_000 }).toHaveLength(2);
    chat.say('ben', 'two');
    await expect.poll(list).toEqual(['one', 'two']);
    expect(fetchMessages).toHaveBeenCalledTimes(1);
  });

  test('is read again after a loss, once more where that failed, and then goes on', async () => {
    const list = await listed();
    await expect.poll(list).toEqual(['one']);
    centrifugo.drop();
    centrifugo.stream.epoch = 'another';
    chat.say('ben', 'missed');
    fetchMessages.mockRejectedValueOnce(new Error('not now'));
    await expect.poll(list, { timeout: 10_000 }).toEqual(['one', 'missed']);
    expect(fetchMessages).toHaveBeenCalledTimes(3);
    expect(reported.mock.calls).toEqual([[expect.objectContaining({ message: 'not now' })]]);
    await expect.poll(() => centrifugo.channels(), { timeout: 5_000 }).toContain('conversation:c1');
    chat.say('ben', 'two');
    await expect.poll(list).toEqual(['one', 'missed', 'two']);
  });

  test('goes by `ev`: what comes late changes nothing', async () => {
    const list = await listed();
    await expect.poll(list).toEqual(['one']);
    const old = { ...exampleMessage({ seq: 1 }), ev: 0, content: 'before' };
    centrifugo.publish('conversation:c1', { type: 'message_updated', message: old });
    chat.say('ben', 'two');
    await expect.poll(list).toEqual(['one', 'two']);
  });
});
