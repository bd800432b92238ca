import { LRUCache } from 'lru-cache';

type State = 'start' | 'stop';

export type EphemeralPace = {
  /**
   * Whether others are to be told, and for how long they believe that it goes on, counted from now.
   * `subject` is who does what where.
   */
  take: (said: { subject: string; state: State; lifeMs: number }) => {
    isNews: boolean;
    believedMs: number;
  };
};

type Options = {
  /** At most one start in this time. */
  everyMs: number;
  /** How many subjects are remembered; the one not heard of longest is forgotten first. */
  capacity: number;
  now?: () => number;
};

/**
 * Bounds what one person can make a conversation hear: a start only so often, and an end at once, but not twice
 * running. A process knows of its own calls alone, so the bound is as many times that as there are processes.
 */
export function createEphemeralPace({
  everyMs,
  capacity,
  now = () => performance.now(),
}: Options): EphemeralPace {
  const told = new LRUCache<string, { state: State; startedAt: number; toldAt: number }>({
    max: capacity,
  });

  function remember(subject: string, state: State, startedAt: number): void {
    told.set(subject, { state, startedAt, toldAt: now() });
  }

  return {
    take({ subject, state, lifeMs }) {
      const last = told.get(subject);
      const at = now();
      if (state === 'stop') {
        const isNews = last?.state !== 'stop' || at - last.toldAt >= everyMs;
        if (isNews) remember(subject, state, last?.startedAt ?? -Infinity);
        return { isNews, believedMs: 0 };
      }
      const sinceMs = at - (last?.startedAt ?? -Infinity);
      if (sinceMs >= everyMs) {
        remember(subject, state, at);
        return { isNews: true, believedMs: lifeMs };
      }
      const isBelieved = last?.state === 'start';
      return { isNews: false, believedMs: isBelieved ? Math.ceil(lifeMs - sinceMs) : 0 };
    },
  };
}
