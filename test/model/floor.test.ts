import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createPostgres } from './postgres.ts';
import { SOUND, type Rules } from './rules.ts';
import { createSchedule, plan, type Schedule } from './schedule.ts';
import { BrokenPromise, brokenWithin, SEARCH_TIMEOUT_MS, wordsWithin } from './search.ts';
import { readPage, settle, takeShard, type Database } from './sql-functions.ts';
import { createTables } from './tables.ts';
import { write } from './writer.ts';

const CONVERSATIONS = ['a', 'b', 'c', 'd', 'e'];

const scenario = fc.record({
  writers: fc.integer({ min: 3, max: CONVERSATIONS.length }),
  turns: fc.integer({ min: 1, max: 3 }),
  rows: fc.integer({ min: 1, max: 3 }),
});

/** A turn to which Centrifugo acknowledges everything. */
async function turn(database: Database, rows: number, { step }: Schedule): Promise<void> {
  const by = { shard: 0, worker: 'worker', holder: 'drain' };
  await step('takes the shard');
  const state = await takeShard(database, { holder: by.holder, doubted: false, rows }, step);
  for (let last = state === 'empty'; !last;) {
    await step('reads');
    const page = readPage(database, { rows });
    last = !page.full;
    const ids = page.rows.map(({ id }) => ({ id }));
    await settle(
      database,
      { ...by, rows: ids, through: ids.at(-1)?.id, seen: page.seen, last, deaf: false },
      step,
    );
  }
}

/** One drain, and writers whose ids and commits come in any order. */
const nothingIsPassedOver = (rules: Partial<Rules>) =>
  fc.asyncProperty(plan, scenario, async (plan, { writers, turns, rows }) => {
    const schedule = createSchedule(plan);
    const { step, trace } = schedule;
    const tables = createTables(CONVERSATIONS);
    const database = { postgres: createPostgres(), tables, rules: { ...SOUND, ...rules } };
    const drain = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        await turn(database, rows, schedule);
      }
    };
    void schedule.as('drain', () => drain(turns));
    for (const conversationId of CONVERSATIONS.slice(0, writers)) {
      const what = { conversationId, takes: 0, bad: false, rollsBack: false };
      void schedule.as(`writer ${conversationId}`, () => write({ ...database, step }, what));
    }
    await schedule.toTheEnd();
    void schedule.as('drain', () => drain(1));
    await schedule.toTheEnd();
    const left = [...tables.outbox.keys()];
    if (left.length > 0) {
      const words = `row ${left.join()} is below the floor, which is ${tables.shard.floor}`;
      throw new BrokenPromise([words, '', ...trace].join('\n'));
    }
  });

test(
  'the floor passes over no row, whenever it is committed',
  { timeout: SEARCH_TIMEOUT_MS },
  async () => {
    expect(await brokenWithin(5_000, nothingIsPassedOver({}))).toBe('');
  },
);

test.for<[string, Partial<Rules>]>([
  ['without a gate', { gated: false }],
  ['with a gate that opens before a writer has ended whom `xmax` did not count', { gate: 'xmax' }],
])('the model finds out one %s', { timeout: SEARCH_TIMEOUT_MS }, async ([name, rules]) => {
  const words = await wordsWithin(40_000, `a floor ${name}`, nothingIsPassedOver(rules));
  expect(words).toMatch(/is below the floor/);
});
