import { expect, test } from 'vitest';

import { keepRunning } from './keep-running.ts';
import type { Running } from './keep-running.ts';

const backoff = { firstMs: 1, maxMs: 4, calmMs: 60_000 };

/** Something that runs until it is told otherwise. */
function fake(): Running & { crash: () => void; stopped: boolean } {
  const gone = Promise.withResolvers<{ code: number | null; signal: string | null }>();
  const one = {
    gone: gone.promise,
    stopped: false,
    crash: () => gone.resolve({ code: 1, signal: null }),
    stop: async () => {
      one.stopped = true;
      gone.resolve({ code: 0, signal: null });
    },
    kill: () => one.stop(),
  };
  return one;
}

/** Says what happens, and lets a test wait until it was said. */
function listener(): {
  say: (line: string) => void;
  said: string[];
  until: (part: string) => Promise<void>;
} {
  const said: string[] = [];
  const waiting: { part: string; resolve: () => void }[] = [];
  return {
    said,
    say: (line) => {
      said.push(line);
      for (const { part, resolve } of waiting) if (line.includes(part)) resolve();
    },
    until: (part) => new Promise((resolve) => waiting.push({ part, resolve })),
  };
}

test('what ends by itself is started again, and it is said', async () => {
  const runs = [fake(), fake()];
  const { say, said, until } = listener();
  let next = 0;
  const kept = await keepRunning({ name: 'api', start: async () => runs[next++]!, say, backoff });

  const again = until('api runs again');
  runs[0]!.crash();
  await again;

  expect(said[0]).toBe('api ended (exit code 1); starting it again in 0.001 s');
  expect(kept.current()).toBe(runs[1]);
  await kept.stop();
  expect(runs[1]!.stopped).toBe(true);
});

test('the waits grow up to their limit while it keeps failing', async () => {
  const { say, said, until } = listener();
  const first = fake();
  let starts = 0;
  const start = async (): Promise<Running> => {
    starts += 1;
    if (starts === 1) return first;
    if (starts < 6) throw new Error('no luck');
    return fake();
  };
  const kept = await keepRunning({ name: 'api', start, say, backoff });
  const again = until('api runs again');
  first.crash();
  await again;

  const waits = said.flatMap((line) => / in ([\d.]+) s$/.exec(line)?.[1] ?? []);
  expect(waits).toEqual(['0.001', '0.002', '0.004', '0.004', '0.004']);
  expect(said).toContain('api could not be started: no luck');
  await kept.stop();
});

test('what is stopped on purpose stays down', async () => {
  const { say, said } = listener();
  let starts = 0;
  const start = async (): Promise<Running> => {
    starts += 1;
    return fake();
  };
  const kept = await keepRunning({ name: 'api', start, say, backoff });
  await kept.stop();
  expect(starts).toBe(1);
  expect(said).toEqual([]);
});

test('what was stopped while it was starting again does not stay up', async () => {
  const { say } = listener();
  const [first, second] = [fake(), fake()];
  const { promise: arrival, resolve: arrive } = Promise.withResolvers<Running>();
  const { promise: restarting, resolve: restart } = Promise.withResolvers<void>();
  let starts = 0;
  const start = (): Promise<Running> => {
    starts += 1;
    if (starts === 1) return Promise.resolve(first);
    restart();
    return arrival;
  };
  const kept = await keepRunning({ name: 'api', start, say, backoff });
  first.crash();
  await restarting;
  const stopped = kept.stop();
  arrive(second);
  await stopped;
  expect(second.stopped).toBe(true);
});

test('that the first start fails is for the caller to hear', async () => {
  const start = (): Promise<Running> => Promise.reject(new Error('no luck'));
  await expect(keepRunning({ name: 'api', start, say: () => {}, backoff })).rejects.toThrow(
    'no luck',
  );
});
