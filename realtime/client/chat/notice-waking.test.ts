import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { fakePage } from '../../../test/fake-page.ts';
import { noticeWaking } from './notice-waking.ts';

function watched() {
  const page = fakePage();
  const wakes = vi.fn<() => void>();
  const onlines = vi.fn<() => void>();
  const stop = noticeWaking({ page, onWake: wakes, onOnline: onlines });
  return { page, wakes, onlines, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a client that was away', () => {
  test('notices that the machine slept', () => {
    const { wakes, stop } = watched();
    vi.advanceTimersByTime(60_000);
    expect(wakes).not.toHaveBeenCalled();
    // The clock goes on while no timer runs.
    vi.setSystemTime(Date.now() + 10 * 60_000);
    vi.advanceTimersByTime(10_000);
    expect(wakes).toHaveBeenCalledTimes(1);
    stop();
  });

  test('notices that its page comes back after minutes, and not after a look at another tab', () => {
    const { page, wakes, stop } = watched();
    page.hide();
    vi.advanceTimersByTime(30_000);
    page.show();
    expect(wakes).not.toHaveBeenCalled();
    page.hide();
    vi.advanceTimersByTime(6 * 60_000);
    page.show();
    expect(wakes).toHaveBeenCalledTimes(1);
    stop();
  });

  test('tries at once when the network is back, and listens no more once it stopped', () => {
    const { page, onlines, stop } = watched();
    page.window.dispatchEvent(new Event('online'));
    stop();
    page.window.dispatchEvent(new Event('online'));
    expect(onlines).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
