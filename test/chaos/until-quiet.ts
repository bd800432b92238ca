import { setTimeout as sleep } from 'node:timers/promises';

import type { Field } from './faults/fault.ts';
import { waitingEvents } from './watch-outbox.ts';

/** Nothing came to any page for so long. */
const QUIET_MS = 4_000;
const LOOK_EVERY_MS = 200;

/**
 * Waits until the outbox is empty, every page is subscribed and read up, and nothing has come in for a while. Nothing is
 * sent meanwhile: what the product owes to a conversation in which nobody speaks any more must come by itself. Gives
 * what had not come to rest in time.
 */
export async function untilQuiet(
  { stack, cast }: Pick<Field, 'stack' | 'cast'>,
  options: {
    limitMs: number;
    /** Whether somebody empties the outbox. */
    isDrained: boolean;
    interrupted: AbortSignal;
  },
): Promise<string[]> {
  const { limitMs, isDrained, interrupted } = options;
  const until = performance.now() + limitMs;
  for (;;) {
    const waiting = isDrained ? await waitingEvents(stack.database.sql) : 0;
    const away = cast.clients.filter(({ recorder }) => !recorder.isReady());
    const lastHeard = Math.max(
      0,
      ...cast.clients.map(({ recorder }) => recorder.raw.at(-1)?.receivedAt ?? 0),
    );
    const isLoud = performance.now() - lastHeard < QUIET_MS;
    const restless = [
      ...(waiting === 0 ? [] : [`${waiting ?? 'unknown'} events wait in the outbox`]),
      ...away.map(({ recorder }) => `${recorder.name} is not back (${recorder.ends.join(', ')})`),
      ...(isLoud ? ['events still come in'] : []),
    ];
    if (restless.length === 0 || performance.now() > until) return restless;
    await sleep(LOOK_EVERY_MS, undefined, { signal: interrupted });
  }
}
