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
import type { UseCentrifugoOptions } from '@rov/realtime/react';
import { createElement, StrictMode } from 'react';
import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';

const api = { baseUrl: '', getAuth: () => 'token' };

function Channel(options: UseCentrifugoOptions): ReactElement {
  const { status, error } = useCentrifugo(options, 'chat:ann', () => undefined);
  return createElement('p', null, `${status} ${error?.code ?? 'fine'}`);
}

function Dot(): ReactElement {
  const { statusOf, status } = usePresence();
  return createElement('p', null, `${statusOf('ann')} ${status}`);
}

/** What each chat hook gives. */
function Chat(): ReactElement {
  const all = [
    ...[useConversations(), useConversation('c1'), useMessages('c1'), useMessages(undefined)],
    ...[useTyping('c1'), useViewing('c1'), useReadState('c1'), useReceipts('c1'), useUnread()],
    useConnectionStatus(),
  ];
  return createElement('p', null, all.map(({ status }) => status).join(' '));
}

function below(child: ReactElement): string {
  const provider = createElement(RealtimeProvider, { api, userId: 'ann' }, child);
  return renderToString(createElement(StrictMode, null, provider));
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('on a server the hooks wait, know nobody, ask nobody and warn of nothing', () => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const sockets = vi.spyOn(globalThis, 'WebSocket');
  const errors = vi.spyOn(console, 'error');
  expect(below(createElement(Channel))).toBe('<p>waiting fine</p>');
  expect(below(createElement(Dot))).toBe('<p>unknown unknown</p>');
  expect(below(createElement(Chat))).toBe(
    `<p>loading loading loading waiting ${'loading '.repeat(5)}waiting</p>`,
  );
  expect(renderToString(createElement(Channel, { url: 'ws://x', token: 'y' }))).toBe(
    '<p>waiting fine</p>',
  );
  expect(fetched).not.toHaveBeenCalled();
  expect(sockets).not.toHaveBeenCalled();
  expect(errors).not.toHaveBeenCalled();
});

test.each([Dot, Chat])('outside of a provider %o says what it needs', (Child) => {
  vi.spyOn(console, 'error').mockReturnValue();
  expect(() => renderToString(createElement(Child))).toThrow(
    expect.objectContaining({ code: 'no_provider' }),
  );
});
