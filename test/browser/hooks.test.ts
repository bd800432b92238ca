import { RealtimeProvider, useCentrifugo, usePresence } from '@rov/realtime/react';
import type { RealtimeProviderProps, UseCentrifugoOptions } from '@rov/realtime/react';
import { createElement, StrictMode } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';

import { fakeApi, jwt } from './fake-api.ts';
import { fakeCentrifugo } from './fake-centrifugo.ts';

let centrifugo: ReturnType<typeof fakeCentrifugo>;
let server: ReturnType<typeof fakeApi>;

beforeEach(() => {
  centrifugo = fakeCentrifugo();
  server = fakeApi(centrifugo);
  vi.stubGlobal('WebSocket', centrifugo.WebSocket);
  vi.stubGlobal('fetch', server.fetch);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const api = { baseUrl: '', getAuth: () => 'access' };
const calls = (method: string, path: string) => server.calls(method, path);

interface ListenerProps {
  options: UseCentrifugoOptions;
  channel?: string | undefined;
  onMessage?: (event: unknown) => void;
}

function Listener({ options, channel, onMessage = () => undefined }: ListenerProps): ReactElement {
  const { status, error } = useCentrifugo(options, channel, (event) => onMessage(event));
  return createElement('p', { 'data-testid': 'status' }, `${status} ${error?.code ?? 'fine'}`);
}

function provided(children: ReactNode, props: Partial<RealtimeProviderProps> = {}): ReactElement {
  return createElement(
    StrictMode,
    null,
    createElement(RealtimeProvider, { api, ...props }, children),
  );
}

const own = { url: 'ws://given/', getSubscriptionToken: async () => 'channel token' };

describe('below a provider', () => {
  test('components share one socket, and StrictMode neither doubles nor drops it', async () => {
    const heard = vi.fn<(event: unknown) => void>();
    const screen = await render(
      provided([
        createElement(Listener, { key: 1, options: {}, channel: 'chat:ann', onMessage: heard }),
        createElement(Listener, { key: 2, options: {}, channel: 'conversation:1' }),
      ]),
    );
    await expect.element(screen.getByText('subscribed fine').nth(1)).toBeInTheDocument();
    expect(centrifugo.addresses()).toEqual(['ws://told/']);
    expect(centrifugo.subscribes().toSorted()).toEqual(['chat:ann', 'conversation:1']);
    expect(calls('POST', '/v1/realtime/token')).toHaveLength(1);
    expect(server.calls().every(({ auth }) => auth === 'Bearer access')).toBe(true);
    centrifugo.publish('chat:ann', { type: 'new_message' });
    await expect.poll(() => heard.mock.calls).toEqual([[{ type: 'new_message' }]]);
  });

  test('the token that a component passes is used, and the address that the provider was given', async () => {
    const screen = await render(
      provided(createElement(Listener, { options: { token: jwt('ann') }, channel: 'chat:ann' }), {
        url: 'ws://provider/',
      }),
    );
    await expect.element(screen.getByText('subscribed fine')).toBeInTheDocument();
    expect(centrifugo.addresses()).toEqual(['ws://provider/']);
    expect(centrifugo.tokens()).toEqual([jwt('ann')]);
    expect(calls('POST', '/v1/realtime/token')).toHaveLength(0);
  });

  test('another user gets another connection', async () => {
    const child = createElement(Listener, { options: {}, channel: 'chat:ann' });
    const screen = await render(provided(child, { userId: 'ann' }));
    await expect.element(screen.getByText('subscribed fine')).toBeInTheDocument();
    server.answers['POST /v1/realtime/token'] = () => ({
      token: jwt('bob'),
      expiresAt: '',
      url: 'ws://told/',
    });
    await screen.rerender(provided(child, { userId: 'bob' }));
    await expect.poll(() => centrifugo.tokens()).toEqual([jwt('ann'), jwt('bob')]);
  });
});

describe('the document’s call', () => {
  test('waits for the token, then for the channel', async () => {
    const screen = await render(
      createElement(Listener, { options: { ...own, token: undefined }, channel: 'chat:waits' }),
    );
    await expect.element(screen.getByText('waiting fine')).toBeInTheDocument();
    await screen.rerender(createElement(Listener, { options: { ...own, token: jwt('w') } }));
    await expect.element(screen.getByText('waiting fine')).toBeInTheDocument();
    expect(centrifugo.addresses()).toEqual([]);
    await screen.rerender(
      createElement(Listener, { options: { ...own, token: jwt('w') }, channel: 'chat:waits' }),
    );
    await expect.element(screen.getByText('subscribed fine')).toBeInTheDocument();
    expect(centrifugo.addresses()).toEqual(['ws://given/']);
  });

  test('a new token keeps the socket and is used at the renewal; a new onMessage does not subscribe again', async () => {
    centrifugo.life.ttl = 1;
    const [before, after] = [vi.fn<(event: unknown) => void>(), vi.fn<(event: unknown) => void>()];
    const first = { ...own, token: jwt('c', { n: 1 }) };
    const second = { ...own, token: jwt('c', { n: 2 }) };
    const screen = await render(
      createElement(Listener, { options: first, channel: 'chat:c', onMessage: before }),
    );
    await expect.element(screen.getByText('subscribed fine')).toBeInTheDocument();
    await screen.rerender(
      createElement(Listener, { options: second, channel: 'chat:c', onMessage: after }),
    );
    centrifugo.publish('chat:c', { n: 1 });
    await expect.poll(() => after.mock.calls).toEqual([[{ n: 1 }]]);
    await expect
      .poll(() => centrifugo.tokens(), { timeout: 5_000 })
      .toEqual([first.token, second.token]);
    expect(before).not.toHaveBeenCalled();
    expect(centrifugo.subscribes()).toEqual(['chat:c']);
    expect(centrifugo.addresses()).toHaveLength(1);
  });

  test('another channel leaves the first one and keeps the socket', async () => {
    const options = { ...own, token: jwt('d') };
    const screen = await render(createElement(Listener, { options, channel: 'chat:d' }));
    await expect.poll(() => centrifugo.channels()).toEqual(['chat:d']);
    await screen.rerender(createElement(Listener, { options, channel: 'conversation:d' }));
    await expect.poll(() => centrifugo.channels()).toEqual(['conversation:d']);
    expect(centrifugo.addresses()).toHaveLength(1);
    await screen.unmount();
    await expect.poll(() => centrifugo.openSockets(), { timeout: 5_000 }).toBe(0);
  });

  test.each([
    ['no_token_source', {}],
    ['no_token_source', { getSubscriptionToken: own.getSubscriptionToken }],
    ['no_subscription_token_source', { token: jwt('e') }],
    ['no_subscription_token_source', { getToken: async () => jwt('e') }],
  ])('outside of a provider what is missing is named: %s', async (code, options) => {
    const screen = await render(createElement(Listener, { options, channel: 'chat:e' }));
    await expect.element(screen.getByText(`error ${code}`)).toBeInTheDocument();
    expect(centrifugo.addresses()).toEqual([]);
  });
});

describe('presence', () => {
  function Dot(): ReactElement {
    const { statusOf, status, presence } = usePresence();
    return createElement(
      'p',
      null,
      `${status} ${statusOf('bob')} ${presence.get('bob')?.version ?? 'none'}`,
    );
  }

  test('beats as one session, asks once, and follows events on the user’s own channel', async () => {
    const screen = await render(
      provided([createElement(Dot, { key: 1 }), createElement(Dot, { key: 2 })]),
    );
    await expect.element(screen.getByText('online online 3').nth(1)).toBeInTheDocument();
    expect(calls('PUT', '/v1/presence/sessions/')).toHaveLength(1);
    expect(calls('GET', '/v1/presence')).toHaveLength(1);
    centrifugo.publish('chat:ann', {
      type: 'presence',
      userId: 'bob',
      status: 'away',
      lastSeenAt: null,
      version: 4,
    });
    await expect.element(screen.getByText('online away 4').nth(1)).toBeInTheDocument();
    expect(centrifugo.addresses()).toHaveLength(1);
  });

  test('the session ends with the page', async () => {
    const screen = await render(provided(createElement(Dot)));
    await expect.element(screen.getByText('online online 3')).toBeInTheDocument();
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    // The one of the test before may still linger, and ends as well.
    const ended = calls('DELETE', '/v1/presence/sessions/').map(({ path, auth }) => [path, auth]);
    const began = calls('PUT', '/v1/presence/sessions/').map(({ path }) => path);
    expect(began).toHaveLength(1);
    expect(ended).toContainEqual([began[0], 'Bearer access']);
  });
});
