import { createChatClient } from '@rov/realtime/client';
import {
  RealtimeProvider,
  useCentrifugo,
  useConnectionStatus,
  useConversation,
  useConversations,
  useMessages,
  usePresence,
  useReadState,
  useReceipts,
  useTyping,
  useUnread,
  useViewing,
} from '@rov/realtime/react';
import type { RealtimeProviderProps } from '@rov/realtime/react';
import { createElement, StrictMode, useEffect, version } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { version as domVersion } from 'react-dom';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render, renderHook } from 'vitest-browser-react';
import { configure } from 'vitest-browser-react/pure';

import { exampleConversation } from '../chat-client/example.ts';
import { fakeApi, refused } from './fake-api.ts';
import { fakeCentrifugo } from './fake-centrifugo.ts';
import { fakeChat } from './fake-chat.ts';

// Below another component React 19 does not mount twice.
configure({ reactStrictMode: true });

let centrifugo: ReturnType<typeof fakeCentrifugo>;
let api: ReturnType<typeof fakeApi>;
let chat: ReturnType<typeof fakeChat>;

beforeEach(() => {
  centrifugo = fakeCentrifugo();
  api = fakeApi(centrifugo);
  chat = fakeChat({ centrifugo, api });
  vi.stubGlobal('WebSocket', centrifugo.WebSocket);
  vi.stubGlobal('fetch', api.fetch);
  for (const content of ['one', 'two', 'three']) chat.server.say('ben', 'text', { content });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The major version, as vitest.config.ts has it for each project. */
const { REACT } = (import.meta as unknown as { env: Record<string, string> }).env;

const OPTIONS = { api: { baseUrl: '', getAuth: () => 'access' }, userId: 'ann' };
/** Longer than hooks hold the client after the last of them is gone. */
const LINGERED_MS = 1_500;

function below(children: ReactNode, props: Partial<RealtimeProviderProps> = {}): ReactElement {
  const provider = createElement(RealtimeProvider, { ...OPTIONS, ...props }, children);
  return createElement(StrictMode, null, provider);
}

/** Renders a hook below a provider, and counts how often. */
async function hooked<T>(hook: () => T, props: Partial<RealtimeProviderProps> = {}) {
  let renders = 0;
  const { result, rerender, unmount } = await renderHook(
    () => {
      renders += 1;
      return hook();
    },
    { wrapper: ({ children }: { children: ReactNode }) => below(children, props) },
  );
  return { result, rerender, unmount, renders: () => renders };
}

const contents = ({ data }: ReturnType<typeof useMessages>) =>
  data.map((entry) =>
    entry.kind === 'message'
      ? entry.message.content
      : `${entry.send.content} (${entry.send.state})`,
  );
const seen = (one: { result: { current: ReturnType<typeof useMessages> } }) =>
  expect.poll(() => contents(one.result.current));

test('this is the React that this project is for', () => {
  expect([version, domVersion].map((full) => full.split('.')[0])).toEqual(
    Array.from({ length: 2 }, () => REACT),
  );
});

describe('the chat client of a provider', () => {
  test('costs nothing where no chat hook is used', async () => {
    const { result } = await hooked(() => usePresence());
    await expect.poll(() => result.current.status).toBe('online');
    expect(api.calls('GET', '/v1/sync')).toEqual([]);
    expect(api.calls('GET', '/v1/conversations')).toEqual([]);
  });

  test('is one for all hooks, loads once, shares the socket, and stops a little after the last', async () => {
    const mounts = vi.fn<() => void>();
    const all = await hooked(() => {
      useEffect(mounts, []);
      usePresence();
      useCentrifugo({}, 'chat:ann', () => undefined);
      useCentrifugo({}, 'conversation:c1', () => undefined);
      useUnread();
      useConversations();
      useTyping('c1');
      useReceipts('c1');
      return [useMessages('c1'), useMessages('c1')] as const;
    });
    await expect
      .poll(() => all.result.current.map(contents))
      .toEqual(Array.from({ length: 2 }, () => ['one', 'two', 'three']));
    await expect
      .poll(() => centrifugo.channels().toSorted())
      .toEqual(['chat:ann', 'conversation:c1']);
    expect(centrifugo.subscribes().toSorted()).toEqual(['chat:ann', 'conversation:c1']);
    expect(centrifugo.addresses()).toEqual(['ws://told/']);
    expect(mounts).toHaveBeenCalledTimes(2);
    expect(api.calls('PUT', '/v1/presence/sessions/')).toHaveLength(1);
    // The second of each: what was loaded before something was heard is looked at once more.
    expect(api.calls('GET', '/v1/sync').length).toBeLessThanOrEqual(2);
    expect(api.calls('GET', '/v1/conversations/c1/messages').length).toBeLessThanOrEqual(2);
    await all.unmount();
    await expect.poll(() => centrifugo.openSockets(), { timeout: 10_000 }).toBe(0);
    const calls = api.calls().length;
    chat.say('ben', 'too late');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(api.calls()).toHaveLength(calls);
  });

  test('may be the app’s own, which hooks neither start nor stop', async () => {
    const client = createChatClient(OPTIONS);
    const one = await hooked(() => [useMessages('c1'), useConnectionStatus().status] as const, {
      client,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(one.result.current[1]).toBe('waiting');
    expect(api.calls()).toEqual([]);
    client.start();
    await expect.poll(() => contents(one.result.current[0])).toEqual(['one', 'two', 'three']);
    await one.unmount();
    await new Promise((resolve) => setTimeout(resolve, LINGERED_MS));
    expect(centrifugo.channels()).toEqual(['chat:ann']);
    client.stop();
  });

  test('asks with what the last render gave, and says where that is refused', async () => {
    const refusals = vi.fn<() => void>();
    const Total = (): ReactElement => createElement('p', null, useUnread().data.total);
    const as = (token: string) =>
      below(createElement(Total), {
        api: { baseUrl: '', getAuth: () => token, onUnauthorized: refusals },
      });
    const screen = await render(as('old'));
    await expect.element(screen.getByText('3')).toBeInTheDocument();
    await screen.rerender(as('new'));
    api.answers['GET /v1/sync'] = () => refused(401, 'token_invalid');
    centrifugo.drop();
    await expect.poll(() => refusals.mock.calls, { timeout: 5_000 }).not.toEqual([]);
    const auths = api.calls('GET', '/v1/sync').map(({ auth }) => auth);
    expect([auths[0], auths.at(-1)]).toEqual(['Bearer old', 'Bearer new']);
  });

  test('takes up what another page could not send', async () => {
    const send = { clientId: 'kept', content: 'from before', writtenAt: 0 };
    const save = vi.fn<(sends: readonly object[]) => void>();
    const storage = { load: () => [{ conversationId: 'c1', send }], save };
    const one = await hooked(() => useMessages('c1'), { storage });
    await seen(one).toEqual(['one', 'two', 'three', 'from before']);
    await expect.poll(() => save.mock.lastCall).toEqual([[]]);
    expect(one.result.current.data.at(-1)).toMatchObject({ kind: 'message', key: 'ann kept' });
  });

  test.each([
    ['no_provider', (children: ReactNode) => createElement(StrictMode, null, children)],
    ['no_user_id', (children: ReactNode) => below(children, { userId: undefined })],
  ])('is missed with a name: %s', async (code, around) => {
    vi.spyOn(console, 'error').mockReturnValue();
    const faults: unknown[] = [];
    const Unread = (): ReactElement => createElement('p', null, useUnread().data.total);
    try {
      renderToString(around(createElement(Unread)));
    } catch (fault) {
      faults.push(fault);
    }
    expect(faults).toEqual([expect.objectContaining({ code })]);
  });
});

describe('messages', () => {
  test('come in order; one’s own shows at once and keeps its key', async () => {
    let commit: (answer: Response) => void = () => {};
    api.answers['POST /v1/conversations/c1/messages'] = () =>
      new Promise((resolve) => {
        commit = resolve;
      });
    const one = await hooked(() => useMessages('c1'));
    await seen(one).toEqual(['one', 'two', 'three']);
    const clientId = one.result.current.send('mine');
    await seen(one).toEqual(['one', 'two', 'three', 'mine (sending)']);
    const { key } = one.result.current.data.at(-1)!;
    chat.say('ben', 'four');
    await seen(one).toEqual(['one', 'two', 'three', 'four', 'mine (sending)']);
    commit(Response.json(chat.server.say('ann', 'text', { clientId, content: 'mine' })));
    await seen(one).toEqual(['one', 'two', 'three', 'four', 'mine']);
    expect(one.result.current.data.at(-1)?.key).toBe(key);
    chat.deliver();
    await seen(one).toEqual(['one', 'two', 'three', 'four', 'mine']);
  });

  test('that were refused are sent again or taken back', async () => {
    const send = api.answers['POST /v1/conversations/c1/messages']!;
    const one = await hooked(() => useMessages('c1'));
    await seen(one).toHaveLength(3);
    api.answers['POST /v1/conversations/c1/messages'] = () => refused(422, 'content_too_long');
    const [again, never] = [one.result.current.send('again'), one.result.current.send('never')];
    await seen(one).toEqual(['one', 'two', 'three', 'again (failed)', 'never (failed)']);
    api.answers['POST /v1/conversations/c1/messages'] = send;
    one.result.current.discard(never);
    one.result.current.retry(again);
    await expect.poll(() => contents(one.result.current)).toEqual(['one', 'two', 'three', 'again']);
  });

  test('before and around those that are shown are loaded when they are asked for', async () => {
    for (let count = 4; count <= 12; count += 1) chat.server.say('ben');
    const one = await hooked(() => useMessages('c1'));
    const range = () =>
      one.result.current.data.map((entry) => (entry.kind === 'message' ? entry.message.seq : 0));
    await expect.poll(range).toEqual([8, 9, 10, 11, 12]);
    expect(one.result.current).toMatchObject({ hasOlder: true, hasNewer: false });
    one.result.current.loadOlder();
    await expect.poll(range).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(one.result.current.loadingPage).toBe(null);
    one.result.current.loadAround(2);
    await expect.poll(range).toEqual([1, 2, 3, 4, 5]);
    expect(one.result.current).toMatchObject({ hasOlder: false, hasNewer: true });
    one.result.current.loadNewer();
    await expect.poll(range).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('that did not change are the same objects, and so are the list and the actions', async () => {
    const one = await hooked(() => useMessages('c1'));
    await seen(one).toHaveLength(3);
    const before = one.result.current;
    chat.tell('typing', 'ben', 'start');
    await one.rerender();
    const { data, send, loadOlder, react } = one.result.current;
    expect(data).toBe(before.data);
    expect([send, loadOlder, react]).toEqual([before.send, before.loadOlder, before.react]);
    expect(send).toBe(before.send);
    chat.server.edit(1, false);
    chat.deliver();
    await seen(one).toEqual(['one', expect.stringContaining('edit'), 'three']);
    const same = one.result.current.data.map((entry, index) => entry === data[index]);
    expect(same).toEqual([true, false, true]);
  });
});

describe('a conversation', () => {
  test('that does not exist is an error of that name, for its messages too', async () => {
    const { result } = await hooked(() => [useConversation('c9'), useMessages('c9')] as const);
    expect(result.current[0].status).toBe('loading');
    await expect.poll(() => result.current.map(({ status }) => status)).toEqual(['error', 'error']);
    expect(result.current.map(({ error }) => error?.code)).toEqual(['not_found', 'not_found']);
  });

  test('beyond what was loaded of the list is found by its id', async () => {
    const newer = exampleConversation({ id: 'd1', createdAt: '2026-05-05T10:00:00.000Z' });
    Object.assign(api.answers, {
      'GET /v1/sync': () => refused(404, 'no_such_route'),
      'GET /v1/conversations': () => ({ items: [newer], nextCursor: 'more' }),
    });
    const { result } = await hooked(() => [useConversation('c1'), useReadState('c1')] as const);
    await expect.poll(() => result.current[0].data?.title).toBe('Group');
    expect(result.current[1]).toMatchObject({ status: 'ready', data: { unreadCount: 3 } });
  });

  test('that is left out is waited for, and actions say so', async () => {
    const asked: { id?: string } = {};
    const { result, rerender } = await hooked(() => useMessages(asked.id));
    expect(result.current.status).toBe('waiting');
    expect(() => result.current.send('lost')).toThrow(
      expect.objectContaining({ code: 'no_conversation' }),
    );
    asked.id = 'c1';
    await rerender();
    await expect.poll(() => contents(result.current)).toHaveLength(3);
  });

  test('from which the user is removed is gone', async () => {
    const { result } = await hooked(() => useMessages('c1'));
    await expect.poll(() => result.current.status).toBe('ready');
    const { ev, epoch, lastSeq } = chat.server.row();
    const frame = { v: 1, eventId: 'out', at: '2026-05-04T13:00:00.000Z', epoch, ev: ev + 1 };
    const out = { ...frame, type: 'conversation_removed', conversationId: 'c1', lastSeq };
    centrifugo.publish('chat:ann', out);
    await expect.poll(() => result.current.error?.code).toBe('not_found');
    expect(result.current).toMatchObject({ status: 'error', data: [] });
  });
});

describe('the list', () => {
  test('follows what happens, goes on where it is asked to, and begins conversations', async () => {
    const rows = [1, 2, 3].map((n) =>
      exampleConversation({ id: `d${n}`, createdAt: `2026-05-04T0${9 - n}:00:00.000Z` }),
    );
    const [first, second, third] = rows;
    api.answers['GET /v1/sync'] = () => ({
      ...{ cursor: 's', epoch: 'e1', limited: true, conversations: [], removed: [], presence: [] },
      me: { totalUnread: 0 },
    });
    api.answers['GET /v1/conversations'] = ({ query }) =>
      query.has('cursor')
        ? { items: [second], nextCursor: null }
        : { items: [first], nextCursor: 'more' };
    api.answers['PUT /v1/conversations/direct/cleo'] = () => third;
    const made: any[] = [];
    api.answers['POST /v1/conversations'] = ({ body }) => {
      made.push(body);
      return exampleConversation({ id: 'd4', kind: 'group', title: body.title });
    };
    const { result } = await hooked(() => useConversations());
    const ids = () => result.current.data.map(({ id }) => id);
    await expect.poll(ids).toEqual(['d1']);
    expect(result.current).toMatchObject({ status: 'ready', hasMore: true });
    result.current.loadMore();
    await expect.poll(ids).toEqual(['d1', 'd2']);
    expect(result.current).toMatchObject({ hasMore: false, isLoadingMore: false });
    expect((await result.current.openDirect('cleo')).id).toBe('d3');
    await expect.poll(ids).toEqual(['d1', 'd2', 'd3']);
    await result.current.createGroup({ title: 'Trip', memberIds: ['ben'] });
    await expect.poll(ids).toContain('d4');
    expect(made).toEqual([{ title: 'Trip', memberIds: ['ben'], clientId: expect.any(String) }]);
  });

  test('that cannot be loaded says why, and is tried for again', async () => {
    const sync = api.answers['GET /v1/sync']!;
    api.answers['GET /v1/sync'] = () => refused(503, 'unavailable');
    const { result } = await hooked(() => useConversations());
    await expect.poll(() => result.current.error?.code).toBe('unavailable');
    expect(result.current.status).toBe('loading');
    api.answers['GET /v1/sync'] = sync;
    await expect.poll(() => result.current.status, { timeout: 5_000 }).toBe('ready');
    expect(result.current.error).toBe(null);
  });
});

describe('what is unread', () => {
  test('renders nobody again because of a message, an edit or a typist of an open room', async () => {
    const open = await hooked(() => useMessages('c1'));
    await seen(open).toHaveLength(3);
    const { markRead } = (await hooked(() => useReadState('c1'))).result.current;
    expect(markRead).toBeTypeOf('function');
    const badge = await hooked(() => useUnread());
    await expect
      .poll(() => badge.result.current.data)
      .toEqual({
        ...{ total: 3, byConversation: { c1: 3 } },
      });
    const data = badge.result.current.data;
    const renders = badge.renders();
    chat.server.edit(2, false);
    chat.server.react(0, 'ben');
    chat.deliver();
    chat.tell('typing', 'ben', 'start');
    await seen(open).toEqual(['one', 'two', expect.stringContaining('edit')]);
    expect(badge.renders()).toBe(renders);
    expect(badge.result.current.data).toBe(data);
    chat.say('ben', 'four');
    await expect.poll(() => badge.result.current.data.total).toBe(4);
  });

  test('is read and marked as unread, with the place where it begins', async () => {
    const { result } = await hooked(() => [useReadState('c1'), useMessages('c1')] as const);
    await expect.poll(() => result.current[1].status).toBe('ready');
    const state = () => result.current[0].data;
    await expect.poll(state).toEqual({
      ...{ lastReadSeq: 0, unreadFromSeq: null, unreadCount: 3, firstUnreadSeq: 1 },
    });
    result.current[0].markRead(2);
    await expect.poll(state).toMatchObject({ lastReadSeq: 2, unreadCount: 1, firstUnreadSeq: 3 });
    result.current[0].markRead();
    await expect
      .poll(state)
      .toMatchObject({ lastReadSeq: 3, unreadCount: 0, firstUnreadSeq: null });
    await expect
      .poll(() => api.calls('PUT', '/v1/conversations/c1/read').at(-1)?.body, { timeout: 3_000 })
      .toEqual({
        seq: 3,
      });
    api.answers['PATCH /v1/conversations/c1/me'] = () => ({
      ...{ ...chat.server.row(), unreadFromSeq: 2, unreadCount: 2 },
    });
    await result.current[0].markUnread(2);
    await expect.poll(state).toMatchObject({ unreadFromSeq: 2, unreadCount: 2, firstUnreadSeq: 2 });
  });

  test('begins behind what does not count', async () => {
    chat.server.read('ann', 3);
    chat.server.say('server', 'system');
    chat.server.say('ben');
    const { result } = await hooked(() => [useReadState('c1'), useMessages('c1')] as const);
    await expect.poll(() => result.current[1].status).toBe('ready');
    await expect.poll(() => result.current[0].data.firstUnreadSeq).toBe(5);
  });
});

describe('the others', () => {
  const toldOfViewing = () =>
    api.calls('POST', '/v1/conversations/c1/viewing').map(({ body }) => body.state);

  test('write, look on and read', async () => {
    const { result, unmount } = await hooked(
      () => [useTyping('c1'), useViewing('c1'), useReceipts('c1')] as const,
    );
    await expect.poll(() => centrifugo.channels()).toContain('conversation:c1');
    await expect.poll(() => result.current[0].status).toBe('ready');
    chat.tell('typing', 'ben', 'start');
    chat.tell('viewing', 'ben', 'start', 60_000);
    await expect
      .poll(() => result.current.slice(0, 2).map(({ data }) => data))
      .toEqual([['ben'], ['ben']]);
    chat.tell('typing', 'ben', 'stop');
    await expect.poll(() => result.current[0].data).toEqual([]);
    chat.server.say('ann');
    chat.server.read('ben', 4);
    chat.deliver();
    await expect.poll(() => result.current[2].readBy(4)).toEqual(['ben']);
    const { readBy, deliveredTo } = result.current[2];
    expect(deliveredTo(4)).toEqual(['ben']);
    expect(readBy(5)).toEqual([]);
    expect(readBy({ seq: 3, senderId: 'ben' })).toEqual([]);
    await unmount();
    // What is told late is not left to the test that comes after.
    await expect.poll(toldOfViewing, { timeout: 5_000 }).toEqual(['start', 'stop']);
  });

  test('are told of each key at most every three seconds', async () => {
    const { result } = await hooked(() => useTyping('c1'));
    const told = () =>
      api.calls('POST', '/v1/conversations/c1/typing').map(({ body }) => body.state);
    for (let key = 0; key < 3; key += 1) result.current.typing();
    await expect.poll(told).toEqual(['start']);
    result.current.stopTyping();
    await expect.poll(told).toEqual(['start', 'stop']);
  });

  test('are told that one looks on by the hook for it alone, and once', async () => {
    const reader = await hooked(() => useMessages('c1'));
    await seen(reader).toHaveLength(3);
    expect(toldOfViewing()).toEqual([]);
    const viewer = await hooked(() => [useViewing('c1'), useViewing('c1')]);
    await expect.poll(toldOfViewing).toEqual(['start']);
    await viewer.unmount();
    await expect.poll(toldOfViewing, { timeout: 5_000 }).toEqual(['start', 'stop']);
  });

  test('are not told so by a page out of sight', async () => {
    const turn = (state: DocumentVisibilityState) => {
      vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
      document.dispatchEvent(new Event('visibilitychange'));
    };
    turn('hidden');
    const viewer = await hooked(() => useViewing('c1'));
    await expect.poll(() => viewer.result.current.status).toBe('ready');
    expect(toldOfViewing()).toEqual([]);
    turn('visible');
    await expect.poll(toldOfViewing).toEqual(['start']);
    turn('hidden');
    await expect.poll(toldOfViewing, { timeout: 5_000 }).toEqual(['start', 'stop']);
  });
});

describe('the connection', () => {
  test('is told as it is, with the time since when', async () => {
    const { result } = await hooked(() => [useConnectionStatus(), useMessages('c1')] as const);
    const status = () => result.current[0].status;
    const past: string[] = [];
    await expect.poll(() => past.push(status()) && status()).toBe('live');
    expect(past).toContain('connecting');
    const liveSince = result.current[0].data.since!;
    expect(result.current[0].data).toMatchObject({ liveUntil: null, unsent: 0 });

    api.answers['POST /v1/conversations/c1/messages'] = () => refused(503, 'unavailable');
    centrifugo.drop();
    await expect.poll(status).toBe('reconnecting');
    result.current[1].send('later');
    await expect.poll(() => result.current[0].data.unsent).toBe(1);
    expect(result.current[0].data.liveUntil).toBeGreaterThanOrEqual(liveSince);
    await expect.poll(status, { timeout: 5_000 }).toBe('live');
    expect(result.current[0].data.liveUntil).toBe(null);
    // Or it would be sent to the next test.
    const unsent = result.current[1].data.find((entry) => entry.kind === 'send')!;
    result.current[1].discard(unsent.send.clientId);
    await expect.poll(() => result.current[0].data.unsent).toBe(0);
  });

  test('without a network says so', async () => {
    const { result } = await hooked(() => useConnectionStatus());
    await expect.poll(() => result.current.status).toBe('live');
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    expect(result.current.status).toBe('live');
    centrifugo.drop();
    await expect.poll(() => result.current.status).toBe('offline');
    onLine.mockReturnValue(true);
    await expect.poll(() => result.current.status, { timeout: 5_000 }).toBe('live');
  });

  test('that is refused has ended', async () => {
    api.answers['POST /v1/realtime/subscription-token'] = () => refused(403, 'channel_refused');
    const { result } = await hooked(() => useConnectionStatus());
    await expect.poll(() => result.current.status).toBe('ended');
    expect(result.current.error?.code).toBe('unauthorized');
  });
});

describe('a page from a server', () => {
  const Page = (): ReactElement => {
    const list = useConversations();
    const messages = useMessages('c1');
    const parts = [
      ...[list.status, list.data.length, messages.status, contents(messages).join(' ')],
      ...[useUnread().data.total, useReadState('c1').data.unreadCount, useTyping('c1').data.length],
      ...[useViewing('c1').status, useReceipts('c1').status, useConversation('c1').data?.title],
      useConnectionStatus().status,
    ];
    return createElement('p', null, parts.join(','));
  };
  const FIRST = 'loading,0,loading,,0,0,0,loading,loading,,waiting';
  const ALIVE = 'ready,1,ready,one two three,3,3,0,ready,ready,Group,live';

  test.each([
    ['with nothing known yet', async () => ({})],
    [
      'while all is known already',
      async () => {
        const client = createChatClient(OPTIONS);
        client.open('c1', { silently: true });
        client.start();
        await expect.poll(() => client.getState().rooms['c1']?.transcript.items.length).toBe(3);
        await expect.poll(() => client.connection.get().status).toBe('live');
        return { client };
      },
    ],
  ])('is taken over without a warning, %s, and comes to life', async (_when, given) => {
    const faults = vi.spyOn(console, 'error');
    const warnings = vi.spyOn(console, 'warn');
    const html = renderToString(below(createElement(Page)));
    expect(html).toBe(`<p>${FIRST}</p>`);
    expect(api.calls()).toEqual([]);
    const props: { client?: ReturnType<typeof createChatClient> } = await given();
    const place = document.createElement('div');
    place.innerHTML = html;
    document.body.append(place);
    const root = hydrateRoot(place, below(createElement(Page), props));
    await expect.poll(() => place.textContent).toBe(ALIVE);
    expect(faults).not.toHaveBeenCalled();
    expect(warnings).not.toHaveBeenCalled();
    root.unmount();
    place.remove();
    props.client?.stop();
  });
});

test('another user gets another chat, and nothing of the one before', async () => {
  const List = (): ReactElement => {
    const { data, status } = useConversations();
    return createElement('p', null, `${status} ${data.map(({ title }) => title).join()}`);
  };
  const screen = await render(below(createElement(List)));
  await expect.element(screen.getByText('ready Group')).toBeInTheDocument();
  api.answers['GET /v1/sync'] = () => refused(503, 'unavailable');
  await screen.rerender(below(createElement(List), { userId: 'ben' }));
  await expect.element(screen.getByText('loading', { exact: true })).toBeInTheDocument();
});
