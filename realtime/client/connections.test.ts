import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createCell } from './cell.ts';
import type { Connection } from './connection.ts';
import { createConnections } from './connections.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function opening() {
  const close = vi.fn<() => void>();
  const open = vi.fn<() => Connection>(() => ({
    userId: createCell<string | undefined>(undefined),
    subscribe: () => () => undefined,
    offerToken: () => undefined,
    close,
  }));
  return { open, close, ...createConnections({ lingerMs: 100 }) };
}

test('one key is one connection, another key is another', () => {
  const { acquire, open } = opening();
  const [one, two, other] = [acquire('a', open), acquire('a', open), acquire('b', open)];
  expect(one.connection).toBe(two.connection);
  expect(one.connection).not.toBe(other.connection);
  expect(open).toHaveBeenCalledTimes(2);
});

test('it closes a while after the last release; a release twice counts once', () => {
  const { acquire, open, close } = opening();
  const [one, two] = [acquire('a', open), acquire('a', open)];
  one.release();
  one.release();
  vi.advanceTimersByTime(1_000);
  expect(close).not.toHaveBeenCalled();
  two.release();
  vi.advanceTimersByTime(99);
  expect(close).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(close).toHaveBeenCalledTimes(1);
});

test('who comes back in time keeps it, who comes later gets a new one', () => {
  const { acquire, open, close } = opening();
  acquire('a', open).release();
  vi.advanceTimersByTime(50);
  const back = acquire('a', open);
  vi.advanceTimersByTime(1_000);
  expect([open.mock.calls.length, close.mock.calls.length]).toEqual([1, 0]);
  back.release();
  vi.advanceTimersByTime(100);
  acquire('a', open);
  expect([open.mock.calls.length, close.mock.calls.length]).toEqual([2, 1]);
});
