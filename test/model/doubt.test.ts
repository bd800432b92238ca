import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createPostgres } from './postgres.ts';
import { SOUND, type Rules } from './rules.ts';
import { createSchedule, plan } from './schedule.ts';
import { BrokenPromise, brokenWithin, wordsWithin } from './search.ts';
import { settle } from './sql-functions.ts';
import { createTables } from './tables.ts';
import { write } from './writer.ts';

const CONVERSATIONS = ['a', 'b', 'c'];
const id = fc.integer({ min: 1, max: CONVERSATIONS.length });

/** What some settles say of three rows: one of the drain that has the shard, others of those that lost it. */
const settles = fc.array(
  fc.record({ gone: fc.uniqueArray(id), leftInDoubtThrough: fc.option(id, { nil: undefined }) }),
  { minLength: 2, maxLength: 3 },
);

const doubtStays = (rules: Partial<Rules>) =>
  fc.asyncProperty(plan, settles, async (plan, settles) => {
    const { step, as, toTheEnd, trace } = createSchedule(plan);
    const tables = createTables(CONVERSATIONS);
    const database = { postgres: createPostgres(), tables, rules: { ...SOUND, ...rules } };
    for (const conversationId of CONVERSATIONS) {
      void write({ ...database, step }, { conversationId, takes: 0, bad: false, rollsBack: false });
      await toTheEnd();
    }
    for (const [index, { gone, leftInDoubtThrough }] of settles.entries()) {
      const by = {
        shard: 0,
        worker: 'worker',
        holder: `drain ${index}`,
        last: true,
        deaf: false,
        seen: null,
      };
      const rows = gone.map((id) => ({ id }));
      void as(by.holder, () => settle(database, { ...by, rows, leftInDoubtThrough }, step));
    }
    await toTheEnd();
    const doubtful = Math.max(...settles.map((each) => each.leftInDoubtThrough ?? 0));
    for (const row of tables.outbox.keys()) {
      if (row > doubtful || row <= (tables.shard.ambiguousThrough ?? 0)) continue;
      throw new BrokenPromise([`the doubt about row ${row} is lost`, '', ...trace].join('\n'));
    }
  });

test('what one settle leaves in doubt stays in doubt, whichever others there are', async () => {
  expect(await brokenWithin(1_000, doubtStays({}))).toBe('');
});

test('the model finds out settles that do not wait for each other', async () => {
  const sideBySide = doubtStays({ settlesInTurn: false });
  const words = await wordsWithin(4_000, 'settles that do not wait for each other', sideBySide);
  expect(words).toMatch(/is lost/);
});
