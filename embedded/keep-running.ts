import { setTimeout as sleep } from 'node:timers/promises';

import { describeEnding } from './server-process.ts';
import type { Ending } from './server-process.ts';

export interface Running {
  stop: () => Promise<void>;
  kill: () => Promise<void>;
  gone: Promise<Ending>;
}

export interface Kept<T extends Running> {
  /** The one that runs now, or ran last. */
  current: () => T;
  /** Ends it for good, in order. */
  stop: () => Promise<void>;
  /** Ends it for good, at once. */
  kill: () => Promise<void>;
}

export interface Backoff {
  firstMs: number;
  maxMs: number;
  /** After this long without a crash the wait is the first one again. */
  calmMs: number;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 250, maxMs: 10_000, calmMs: 30_000 };

/**
 * Starts something and starts it again whenever it ends by itself, with growing waits. That the first start fails is
 * the caller's affair: it throws.
 */
export async function keepRunning<T extends Running>(options: {
  name: string;
  start: () => Promise<T>;
  say: (line: string) => void;
  backoff?: Backoff;
}): Promise<Kept<T>> {
  const { name, start, say } = options;
  const backoff = options.backoff ?? DEFAULT_BACKOFF;
  const over = new AbortController();
  let current = await start();

  const watch = async (): Promise<void> => {
    let waitMs = backoff.firstMs;
    let startedAt = performance.now();
    let last = await current.gone;
    while (!over.signal.aborted) {
      if (performance.now() - startedAt > backoff.calmMs) waitMs = backoff.firstMs;
      say(`${name} ended (${describeEnding(last)}); starting it again in ${waitMs / 1_000} s`);
      await sleep(waitMs, undefined, { signal: over.signal });
      waitMs = Math.min(waitMs * 2, backoff.maxMs);
      startedAt = performance.now();
      last = await start().then(
        async (next) => {
          current = next;
          // Stopped while it was starting: whoever stopped it could only see its predecessor.
          if (over.signal.aborted) await next.stop();
          else say(`${name} runs again`);
          return next.gone;
        },
        (error: unknown) => {
          say(
            `${name} could not be started: ${error instanceof Error ? error.message : String(error)}`,
          );
          return last;
        },
      );
    }
  };
  // The only way out of the wait is the abort.
  const watching = watch().catch(() => {});

  const finish = async (how: 'stop' | 'kill'): Promise<void> => {
    over.abort();
    await current[how]();
    await watching;
  };
  return { current: () => current, stop: () => finish('stop'), kill: () => finish('kill') };
}
