import { RealtimeProvider, useCentrifugo, usePresence } from '@rov/realtime/react';
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

function below(child: ReactElement): string {
  return renderToString(
    createElement(StrictMode, null, createElement(RealtimeProvider, { api }, child)),
  );
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
  expect(renderToString(createElement(Channel, { url: 'ws://x', token: 'y' }))).toBe(
    '<p>waiting fine</p>',
  );
  expect(fetched).not.toHaveBeenCalled();
  expect(sockets).not.toHaveBeenCalled();
  expect(errors).not.toHaveBeenCalled();
});

test('usePresence outside of a provider says what it needs', () => {
  vi.spyOn(console, 'error').mockReturnValue();
  expect(() => renderToString(createElement(Dot))).toThrow(
    expect.objectContaining({ code: 'no_provider' }),
  );
});
