import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakePage } from '../../test/fake-page.ts';
import { watchActivity } from './activity.ts';
import type { Activity } from './activity.ts';

const MINUTE = 60_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watch() {
  const page = fakePage();
  const onChange = vi.fn<(activity: Activity) => void>();
  const activity = watchActivity({ page, idleAfterMs: 5 * MINUTE, onChange });
  return { page, onChange, activity };
}

test('five minutes without input make idle, and input counts from the last one', () => {
  const { page, onChange, activity } = watch();
  vi.advanceTimersByTime(4 * MINUTE);
  page.input('pointermove');
  vi.advanceTimersByTime(4 * MINUTE);
  expect(activity.current()).toBe('active');
  vi.advanceTimersByTime(MINUTE);
  expect(activity.current()).toBe('idle');
  expect(onChange).toHaveBeenCalledExactlyOnceWith('idle');
});

test('the first input after it makes active at once, further ones say nothing', () => {
  const { page, onChange } = watch();
  vi.advanceTimersByTime(5 * MINUTE);
  page.input('keydown');
  page.input('keydown');
  expect(onChange.mock.calls).toEqual([['idle'], ['active']]);
  vi.advanceTimersByTime(5 * MINUTE);
  expect(onChange).toHaveBeenLastCalledWith('idle');
});

test('a hidden page becomes idle in the same time, and coming back is input', () => {
  const { page, activity } = watch();
  page.hide();
  vi.advanceTimersByTime(5 * MINUTE - 1);
  expect(activity.current()).toBe('active');
  vi.advanceTimersByTime(1);
  expect(activity.current()).toBe('idle');
  page.show();
  expect(activity.current()).toBe('active');
});

test('after the stop nothing is watched any more', () => {
  const { page, onChange, activity } = watch();
  activity.stop();
  vi.advanceTimersByTime(10 * MINUTE);
  page.input('keydown');
  expect(onChange).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
