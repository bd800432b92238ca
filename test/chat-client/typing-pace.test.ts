import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createEphemeralPace } from '../../api/ephemeral-pace.ts';
import { createTypingReports } from '../../realtime/client/chat/tell-typing.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Somebody who types, and the door that passes on what reaches it after a while. */
function typist() {
  const pace = createEphemeralPace({ everyMs: 2_000, capacity: 10, now: () => Date.now() });
  const passedOn: string[] = [];
  let onTheWayMs = 0;
  const reports = createTypingReports({
    api: {
      typing: async (subject, state) => {
        await new Promise((resolve) => setTimeout(resolve, onTheWayMs));
        if (pace.take({ subject, state, lifeMs: 7_000 }).isNews) passedOn.push(state);
        return { expiresInMs: 7_000 };
      },
    },
  });
  const travels = (ms: number) => {
    onTheWayMs = ms;
  };
  return { reports, passedOn, travels };
}

test('who writes on after a message is heard, also where the first word took longer to the server', async () => {
  const { reports, passedOn, travels } = typist();
  travels(400);
  reports.typing('c1');
  await vi.advanceTimersByTimeAsync(1_000);
  reports.stopped('c1', { silently: true });
  travels(5);
  reports.typing('c1');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(passedOn).toEqual(['start', 'start']);
});
