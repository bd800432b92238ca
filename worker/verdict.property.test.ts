import { CentrifugoCommandError, type CommandOutcome } from '@rov/realtime/server';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { verdictsOnPage, type Answered } from './verdict.ts';

const CODES = [100, 102, 107, 108, 111, 4711];
/** What is worse comes first. */
const KINDS = ['outage', 'configuration', 'poison', 'delivered'];
const kindOf = (code: number | null): string => {
  if (code === null) return 'delivered';
  if (code === 100 || code === 111) return 'outage';
  return code === 107 ? 'poison' : 'configuration';
};
const worstOf = (kinds: string[]): string =>
  KINDS[Math.min(...kinds.map((kind) => KINDS.indexOf(kind)))] ?? 'delivered';

const error = (code: number) => new CentrifugoCommandError({ code, message: 'no' });
/** Null is an acknowledgement. */
const code = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(...CODES) },
);

type Row = {
  numberedIn: string | null;
  epoch: string;
  offset: number;
  published: number | null;
  /** A broadcast's codes, one for each listener. */
  broadcasts: (number | null)[][];
};

const page: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    numberedIn: fc.constantFrom(null, 'a', 'b'),
    epoch: fc.constantFrom('e1', 'e2'),
    offset: fc.integer({ min: 1, max: 6 }),
    published: code,
    broadcasts: fc.array(fc.array(code, { minLength: 1, maxLength: 4 }), { maxLength: 2 }),
  }),
  { maxLength: 8 },
);

const listener = (row: number, broadcast: number, place: number): string =>
  `${row}/${broadcast}/${place}`;

function answered({ numberedIn, ...row }: Row, at: number): Answered {
  const outcome: CommandOutcome =
    row.published === null
      ? { ok: true, method: 'publish', result: { offset: row.offset, epoch: row.epoch } }
      : { ok: false, method: 'publish', error: error(row.published) };
  const broadcasts = row.broadcasts.map((codes, nth) => ({
    listeners: codes.map((_, place) => listener(at, nth, place)),
    outcome: {
      ok: true as const,
      method: 'broadcast' as const,
      result: {
        responses: codes.map((each) =>
          each === null
            ? { ok: true as const, result: {} }
            : { ok: false as const, error: error(each) },
        ),
      },
    },
  }));
  return { numberedIn, answers: [{ listeners: [], outcome }, ...broadcasts] };
}

/** Apart from its neighbours: those of whom nothing but bad requests came back are bad themselves only together. */
function kindAlone({ published, broadcasts }: Row): string {
  const codes = broadcasts.flat();
  const isReached = codes.includes(null);
  return worstOf([
    kindOf(published),
    ...codes.map(kindOf).filter((kind) => kind !== 'poison' || !isReached),
  ]);
}

test('the worst of its answers is the verdict on a row, and only acknowledged rows can have been overtaken', () => {
  fc.assert(
    fc.property(page, (rows) => {
      const judged = verdictsOnPage(rows.map(answered));
      expect(judged).toHaveLength(rows.length);
      for (const [at, { verdict }] of judged.entries()) {
        const kind = verdict.kind === 'overtaken' ? 'delivered' : verdict.kind;
        expect(kind).toBe(kindAlone(rows[at]!));
      }
    }),
  );
});

test('a row is overtaken where a later one of its stream stands no higher, and nowhere else', () => {
  fc.assert(
    fc.property(page, (rows) => {
      const isThere = rows.map((row) => kindAlone(row) === 'delivered');
      for (const [at, { verdict }] of verdictsOnPage(rows.map(answered)).entries()) {
        const row = rows[at]!;
        const isOvertaken = rows.some(
          (later, place) =>
            place > at &&
            isThere[place] &&
            later.numberedIn === row.numberedIn &&
            later.epoch === row.epoch &&
            later.offset <= row.offset,
        );
        expect(verdict.kind === 'overtaken').toBe(
          row.numberedIn !== null && isThere[at] && isOvertaken,
        );
      }
    }),
  );
});

test('unreached are exactly those whose channel was called bad while others heard it', () => {
  fc.assert(
    fc.property(page, (rows) => {
      for (const [at, { verdict }] of verdictsOnPage(rows.map(answered)).entries()) {
        if (verdict.kind !== 'delivered') continue;
        const bad = rows[at]!.broadcasts.flatMap((codes, nth) =>
          codes.flatMap((each, place) => (each === 107 ? [listener(at, nth, place)] : [])),
        );
        expect(verdict.unreached?.users ?? []).toEqual(bad);
      }
    }),
  );
});
