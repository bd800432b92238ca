import type { Logger } from '../core/log.ts';

export type Loop = {
  name: string;
  /** When a round last ended well. A loop that is late is a dead one. */
  lastRoundAt(): number;
  stop(): Promise<void>;
};

/**
 * Runs `round` again and again, `everyMs` after the last one ended. A failed round is logged and followed
 * by the next: no error ends the loop. Stopping waits for the round under way.
 */
export function startLoop(options: {
  name: string;
  everyMs: number;
  log: Logger;
  onFailure: (loop: string) => void;
  round: () => Promise<void>;
}): Loop {
  const { name, everyMs, log, onFailure, round } = options;
  const stopping = new AbortController();
  let lastRoundAt = Date.now();

  async function go(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
        lastRoundAt = Date.now();
      } catch (err) {
        onFailure(name);
        log.warn({ event: 'loop.round_failed', loop: name, err });
      }
      await pause(everyMs, stopping.signal);
    }
  }

  const running = go();
  return {
    name,
    lastRoundAt: () => lastRoundAt,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
