import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakePage } from '../../test/fake-page.ts';
import type { PresenceSession } from '../contract/index.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { RealtimeApi } from './realtime-api.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start() {
  const page = fakePage();
  const beat = vi.fn<RealtimeApi['beat']>(async () => ({
    status: 'online',
    chosen: 'auto',
    nextInMs: 25_000,
  }));
  const leave = vi.fn<RealtimeApi['leave']>();
  const onBeat = vi.fn<(session: PresenceSession, how: { lapsed: boolean }) => void>();
  const report = vi.fn<(error: unknown) => void>();
  const stop = startHeartbeat({
    page,
    idleAfterMs: 300_000,
    api: { beat, leave },
    onBeat,
    report,
  });
  const lapses = () => onBeat.mock.calls.map(([, { lapsed }]) => lapsed);
  return { page, beat, leave, onBeat, report, stop, lapses };
}

test('it beats at once and then at the pace that the server asks for, always as the same session', async () => {
  const { beat, stop } = start();
  expect(beat).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(24_999);
  expect(beat).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(beat).toHaveBeenCalledTimes(3);
  expect(new Set(beat.mock.calls.map(([session]) => session)).size).toBe(1);
  expect(beat.mock.calls[0]?.[0]).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  stop();
});

test('becoming idle or active is told at once', async () => {
  const { beat, page, stop } = start();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(beat.mock.lastCall?.[1]).toBe('idle');
  const before = beat.mock.calls.length;
  page.input('keydown');
  expect(beat).toHaveBeenCalledTimes(before + 1);
  expect(beat.mock.lastCall?.[1]).toBe('active');
  stop();
});

test('a change during a call is told after it: one call at a time, and the last state wins', async () => {
  const { beat, page, stop } = start();
  await vi.advanceTimersByTimeAsync(299_000);
  const { promise, resolve: answer } = Promise.withResolvers<PresenceSession>();
  beat.mockReturnValueOnce(promise);
  await vi.advanceTimersByTimeAsync(1_000);
  const calls = beat.mock.calls.length;
  page.input('keydown');
  expect(beat).toHaveBeenCalledTimes(calls);
  answer({ status: 'online', chosen: 'auto', nextInMs: 25_000 });
  await vi.advanceTimersByTimeAsync(0);
  expect(beat).toHaveBeenCalledTimes(calls + 1);
  expect(beat.mock.lastCall?.[1]).toBe('active');
  stop();
});

test('a failed beat is reported and tried again after 5, 10, 20, 30 and 30 seconds', async () => {
  const { beat, report, stop } = start();
  await vi.advanceTimersByTimeAsync(0);
  beat.mockRejectedValue(new Error('503'));
  await vi.advanceTimersByTimeAsync(25_000);
  for (const seconds of [5, 10, 20, 30, 30]) {
    const calls = beat.mock.calls.length;
    await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
    expect(beat).toHaveBeenCalledTimes(calls);
    await vi.advanceTimersByTimeAsync(1);
    expect(beat).toHaveBeenCalledTimes(calls + 1);
  }
  expect(report).toHaveBeenCalledTimes(6);
  stop();
});

test('the first beat and one after a long silence are told as lapsed, others are not', async () => {
  const { beat, lapses, stop } = start();
  await vi.advanceTimersByTimeAsync(25_000);
  expect(lapses()).toEqual([true, false]);
  beat.mockRejectedValueOnce(new Error('503'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lapses()).toEqual([true, false, false]);
  beat.mockRejectedValue(new Error('503'));
  await vi.advanceTimersByTimeAsync(60_000);
  beat.mockResolvedValue({ status: 'online', chosen: 'auto', nextInMs: 25_000 });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lapses()).toEqual([true, false, false, true]);
  stop();
});

test('a page that goes leaves its session, and one that comes back from the cache beats again', async () => {
  const { beat, leave, page, lapses, stop } = start();
  await vi.advanceTimersByTimeAsync(0);
  page.leave();
  expect(leave).toHaveBeenCalledExactlyOnceWith(beat.mock.calls[0]?.[0]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beat).toHaveBeenCalledTimes(1);
  page.comeBack();
  await vi.advanceTimersByTimeAsync(0);
  expect(lapses()).toEqual([true, true]);
  stop();
});

test('stopping leaves the session and beats no more, also when a call was under way', async () => {
  const { beat, leave, onBeat, stop } = start();
  stop();
  expect(leave).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beat).toHaveBeenCalledTimes(1);
  expect(onBeat).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
