import { describe, expect, test } from 'vitest';

import { createAskDatabase } from './ask-database.ts';

const fault = (code: string) => Object.assign(new Error('fault'), { code });
const LOST = fault('CONNECTION_CLOSED');
const UNDONE = fault('23505');
const BUSY = fault('55P03');
const UNREACHABLE = fault('ECONNREFUSED');

/** A statement that meets these faults, one a try, and then succeeds. */
function meeting(...faults: unknown[]) {
  const statement = async () => {
    statement.tries += 1;
    if (faults.length > 0) throw faults.shift();
    return 'done';
  };
  statement.tries = 0;
  return statement;
}

const ask = (atOnce = 16) => createAskDatabase({ atOnce, deadlineMs: 50 });
const never = () => new Promise<never>(() => undefined);

describe('a write', () => {
  test.each([true, false])(
    'that was undone is done once more (repeatable: %s)',
    async (repeatable) => {
      const statement = meeting(UNDONE);
      expect(await ask().write(statement, { repeatable })).toBe('done');
      expect(statement.tries).toBe(2);
    },
  );

  test('that was undone twice fails as it did', async () => {
    const twice = ask().write(meeting(UNDONE, UNDONE), { repeatable: true });
    await expect(twice).rejects.toBe(UNDONE);
  });

  test('whose fate is unknown is done once more if a repeat is harmless', async () => {
    expect(await ask().write(meeting(LOST), { repeatable: true })).toBe('done');
  });

  test('whose fate is unknown is never repeated otherwise', async () => {
    const statement = meeting(LOST);
    await expect(ask().write(statement, { repeatable: false })).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    expect(statement.tries).toBe(1);
  });

  test.each([LOST, BUSY, UNREACHABLE, UNDONE])(
    'whose repeat fails stays unknown, because the first may stand (%#)',
    async (second) => {
      const statement = meeting(LOST, second);
      await expect(ask().write(statement, { repeatable: true })).rejects.toMatchObject({
        code: 'outcome_unknown',
      });
      expect(statement.tries).toBe(2);
    },
  );

  test.each([BUSY, UNREACHABLE, new TypeError('ours')])(
    'that surely failed is not repeated (%#)',
    async (error) => {
      const statement = meeting(error);
      await expect(ask().write(statement, { repeatable: true })).rejects.toBe(error);
      expect(statement.tries).toBe(1);
    },
  );

  test('that does not end in time may still end, so it is not repeated', async () => {
    await expect(ask().write(never, { repeatable: true })).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
  });
});

describe('a read', () => {
  test.each([LOST, UNDONE])('is repeated once (%#)', async (error) => {
    expect(await ask().read(meeting(error))).toBe('done');
  });

  test('that is lost twice, or never ends, has no unknown outcome: it has none', async () => {
    const refused = { code: 'database_unavailable' };
    await expect(ask().read(meeting(LOST, LOST))).rejects.toMatchObject(refused);
    await expect(ask().read(never)).rejects.toMatchObject(refused);
  });

  test('fails otherwise as it did', async () => {
    await expect(ask().read(meeting(BUSY))).rejects.toBe(BUSY);
  });
});

describe('what has to wait for a connection', () => {
  test('is not begun any more once an outage is known, or its time is over', async () => {
    const database = ask(1);
    const hanging = Promise.withResolvers<never>();
    const begun = database.read(() => hanging.promise);
    const waiting = meeting();
    const refused = database.write(waiting, { repeatable: true });
    const unavailable = { code: 'database_unavailable' };
    expect(await Promise.allSettled([begun, refused])).toMatchObject([
      { status: 'rejected', reason: unavailable },
      { status: 'rejected', reason: unavailable },
    ]);
    hanging.reject(UNREACHABLE);
    expect(waiting.tries).toBe(0);

    const again = ask(1);
    const failing = Promise.withResolvers<never>();
    const both = Promise.allSettled([
      again.read(() => failing.promise),
      again.read(never),
      again.write(waiting, { repeatable: true }),
    ]);
    failing.reject(UNREACHABLE);
    // The second finds out whether it is back; the third does not get that far.
    expect(await both).toMatchObject([
      { status: 'rejected', reason: UNREACHABLE },
      { status: 'rejected', reason: unavailable },
      { status: 'rejected', reason: unavailable },
    ]);
    expect(waiting.tries).toBe(0);
  });

  test('has its turn once the one before it has ended', async () => {
    const database = ask(1);
    const first = Promise.withResolvers<string>();
    const answers = Promise.all([
      database.read(() => first.promise),
      database.read(async () => 'second'),
    ]);
    first.resolve('first');
    expect(await answers).toEqual(['first', 'second']);
  });
});
