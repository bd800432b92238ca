import { setTimeout as sleep } from 'node:timers/promises';

/** A send, with `performance.now()` when it was due and how long its answer took. */
export type Sent = { n: number; startedAt: number; answeredMs: number };

/** Timers are no finer. What is later than that was held up by this process, and the wait counts. */
const TICK_MS = 2;

/** An open loop: the next send waits neither for the answer to the last nor for whoever measures. */
export async function sendSteadily(options: {
  perSecond: number;
  ms: number;
  send: (n: number) => Promise<unknown>;
}): Promise<Sent[]> {
  const { perSecond, ms, send } = options;
  const total = Math.round((ms / 1_000) * perSecond);
  const began = performance.now();
  const underWay: Promise<Sent>[] = [];
  while (underWay.length < total) {
    for (;;) {
      const n = underWay.length;
      const dueAt = began + (n / perSecond) * 1_000;
      const now = performance.now();
      if (n === total || dueAt > now) break;
      const startedAt = now - dueAt > TICK_MS ? dueAt : now;
      const sending = send(n).then(() => {
        return { n, startedAt, answeredMs: performance.now() - startedAt };
      });
      // Whoever waits for all of them hears of it, at the end.
      sending.catch(() => undefined);
      underWay.push(sending);
    }
    await sleep(1);
  }
  return Promise.all(underWay);
}
