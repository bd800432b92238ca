import type { WorkerOptions } from 'bullmq';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { createLog } from '../core/log.ts';
import { startDrainJobs } from './drain-jobs.ts';

const given: WorkerOptions[] = [];
vi.mock('bullmq', () => ({
  DelayedError: class extends Error {},
  Worker: class {
    constructor(_queue: string, _job: unknown, options: WorkerOptions) {
      given.push(options);
    }
    on(): void {}
  },
}));

test('a failed job is tried again within 50 ms, then within twice as long each time, and always within 2 s', () => {
  startDrainJobs({
    connection: {} as never,
    concurrency: 1,
    drain: () => Promise.reject(new Error('nothing is drained here')),
    ring: () => undefined,
    log: createLog({ door: 'test', level: 'silent' }),
  });
  const backoff = given[0]!.settings!.backoffStrategy! as (attempt: number) => number;
  const random = vi.spyOn(Math, 'random');
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000_000 })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, draw) => {
        random.mockReturnValue(draw);
        const longest = Math.min(2_000, 50 * 2 ** (attempt - 1));
        const ms = backoff(attempt);
        expect(Number.isInteger(ms)).toBe(true);
        // Anywhere below: whoever draws twice as much waits twice as long.
        expect(Math.abs(ms - draw * longest)).toBeLessThanOrEqual(1);
        expect(ms).toBeLessThanOrEqual(longest);
      },
    ),
  );
  random.mockRestore();
});
