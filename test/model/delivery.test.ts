import * as fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';

import { BROKEN } from './broken.ts';
import { currentProcess } from './process.ts';
import { brokenPromises } from './promises.ts';
import { run, type Delivery } from './run.ts';
import { PASSED_OVER, scenario } from './scenario.ts';
import { plan } from './schedule.ts';
import { BrokenPromise, brokenWithin, SEARCH_TIMEOUT_MS, wordsWithin } from './search.ts';

const RUNS = 5_000;
const RUNS_FOR_A_BROKEN_ONE = 6_000;

const sorting = vi.hoisted(() => ({ byPrefix: true }));
vi.mock(import('../../worker/sort-out.ts'), async (original) => {
  const { sortOut } = await original();
  return {
    sortOut: (verdicts) =>
      // Without a neighbour in its lane no row waits for another.
      sortOut(
        sorting.byPrefix
          ? verdicts
          : verdicts.map(({ row, verdict }) => ({
              row: { ...row, conversationId: `lane of ${row.id}` },
              verdict,
            })),
      ),
  };
});
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) =>
    new Promise<void>((over) => {
      currentProcess().timer(over, ms);
    }),
}));

/** Time is what the schedule makes of it. */
beforeEach(() => {
  vi.stubGlobal('setTimeout', (over: () => void, ms: number) => currentProcess().timer(over, ms));
  vi.stubGlobal('clearTimeout', (clear: () => void) => clear());
  vi.spyOn(performance, 'now').mockReturnValue(0);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    currentProcess().timer(() => controller.abort(), ms);
    return controller.signal;
  });
  return () => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  };
});

const promisesOf = (delivery: Delivery, scenarios = scenario) =>
  fc.asyncProperty(plan, scenarios, async (plan, scenario) => {
    sorting.byPrefix = delivery.prefixes ?? true;
    const outcome = await run(plan, scenario, delivery);
    const broken = brokenPromises(outcome);
    if (broken.length > 0) throw new BrokenPromise([...broken, '', ...outcome.trace].join('\n'));
  });

test(
  'whatever fails, and whoever comes in between, all that was committed is heard in order or announced, once',
  { timeout: SEARCH_TIMEOUT_MS },
  async () => {
    expect(await brokenWithin(RUNS, promisesOf({}))).toBe('');
  },
);

test.for(Object.entries(BROKEN))(
  'the model finds out %s',
  { timeout: SEARCH_TIMEOUT_MS },
  async ([name, { breaks, ...delivery }]) => {
    const words = await wordsWithin(RUNS_FOR_A_BROKEN_ONE, name, promisesOf(delivery));
    expect(words).toMatch(breaks);
  },
);

test(
  'a drain that passed over a conversation and died leaves all of its page in doubt, and the model finds out otherwise',
  { timeout: SEARCH_TIMEOUT_MS },
  async () => {
    const passedOver = fc.constant(PASSED_OVER);
    expect(await brokenWithin(1_000, promisesOf({}, passedOver))).toBe('');
    const twoPages = promisesOf({ rules: { doubts: 'two pages' } }, passedOver);
    const words = await wordsWithin(
      RUNS_FOR_A_BROKEN_ONE,
      'doubt that ends after two pages',
      twoPages,
    );
    expect(words).toMatch(/not heard/);
  },
);
