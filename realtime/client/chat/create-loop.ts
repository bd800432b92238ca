import { asProblem, isPassing, retryDelayMs } from './api-problem.ts';
import type { ApiProblem } from './api-problem.ts';

export type Loop = {
  /** Something may be to do. A running loop looks again when it is through, a waiting one looks now. */
  wake: () => void;
  /** The same, but whoever waits for a time, or was refused, goes on waiting. */
  nudge: () => void;
  /** No further step until the next wake. */
  stop: () => void;
};

/**
 * Repeats `step` until it says that nothing is left to do. One step runs at a time. A step that throws
 * is repeated with growing pauses, unless the server refused it for good.
 */
export function createLoop({
  step,
  onProblem,
  random = Math.random,
}: {
  /** 'done' rests until the next wake; 'again' goes on; a number waits so many milliseconds. */
  step: () => Promise<'done' | 'again' | number>;
  onProblem: (problem: ApiProblem) => void;
  random?: () => number;
}): Loop {
  let running = false;
  let stopped = false;
  let woken = false;
  let nudged = false;
  let attempts = 0;
  let refused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run() {
    running = true;
    woken = false;
    nudged = false;
    refused = false;
    clearTimeout(timer);
    timer = undefined;
    const next = await attempt();
    running = false;
    if (stopped) return;
    const more = next === 'done' && nudged && !refused;
    if (next === 'again' || woken || more) void run();
    else if (next !== 'done') timer = setTimeout(() => void run(), next);
  }

  async function attempt(): Promise<'done' | 'again' | number> {
    try {
      const next = await step();
      attempts = 0;
      return next;
    } catch (error) {
      const problem = asProblem(error);
      onProblem(problem);
      attempts += 1;
      refused = !isPassing(problem);
      return refused ? 'done' : retryDelayMs(problem, { attempts, random });
    }
  }

  function wake() {
    stopped = false;
    if (running) woken = true;
    else void run();
  }

  function nudge() {
    if (running) nudged = true;
    else if (!refused && timer === undefined) wake();
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    timer = undefined;
  }

  return { wake, nudge, stop };
}
