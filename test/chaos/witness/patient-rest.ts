import { setTimeout as sleep } from 'node:timers/promises';

import type { Rest } from '../../harness/rest.ts';
import { RestProblem } from '../../harness/rest.ts';

const PAUSE_MS = 250;

/**
 * What a page reads, as a page reads it: from one API after the other until one answers. What is no for good (4xx but
 * 408 and 429) is no at once.
 */
export function patientRest(rests: readonly Rest[], over: AbortSignal): Rest {
  const patient =
    <A extends unknown[], T>(read: (rest: Rest) => (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await read(rests[attempt % rests.length]!)(...args);
        } catch (error) {
          if (isFinal(error)) throw error;
          // The page was closed: nobody waits for this any more.
          if (over.aborted) return new Promise<T>(() => undefined);
          await sleep(PAUSE_MS);
        }
      }
    };
  return {
    ...rests[0]!,
    realtimeToken: patient((rest) => rest.realtimeToken),
    subscriptionToken: patient((rest) => rest.subscriptionToken),
    messages: patient((rest) => rest.messages),
    conversations: patient((rest) => rest.conversations),
    conversation: patient((rest) => rest.conversation),
    connections: patient((rest) => rest.connections),
  };
}

/** Whether asking again would get the same answer. */
export function isFinal(error: unknown): error is RestProblem {
  return (
    error instanceof RestProblem &&
    error.status < 500 &&
    error.status !== 408 &&
    error.status !== 429
  );
}
