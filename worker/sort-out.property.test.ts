import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { laneOf, type OutboxRow } from '../core/outbox/read-page.ts';
import { sortOut, type RowVerdict } from './sort-out.ts';
import type { Verdict } from './verdict.ts';

const ACKNOWLEDGED = new Set<Verdict['kind']>(['delivered', 'overtaken']);

const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Verdict>({ kind: 'delivered' }) },
  fc.constant<Verdict>({ kind: 'overtaken', position: { offset: 1, epoch: 'e' } }),
  fc.boolean().map<Verdict>((ambiguous) => ({ kind: 'outage', reason: 'away', ambiguous })),
  fc.constant<Verdict>({ kind: 'configuration', reason: 'set up wrongly' }),
  fc.constant<Verdict>({ kind: 'poison', reason: 'bad', code: 107 }),
);

/** Some pages on which nobody got through. */
const page: fc.Arbitrary<RowVerdict[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.record({
        conversationId: fc.constantFrom('a', 'b', null),
        subject: fc.constantFrom('ann', 'ben'),
        verdict,
      }),
      { maxLength: 12, size: 'max' },
    ),
  )
  .map(([isThere, rows]) =>
    rows
      .filter(({ verdict }) => isThere || !ACKNOWLEDGED.has(verdict.kind))
      .map(({ verdict, ...lane }, index) => ({ row: rowOf(index + 1, lane), verdict })),
  );

function rowOf(id: number, lane: Pick<OutboxRow, 'conversationId' | 'subject'>): OutboxRow {
  return {
    ...lane,
    id,
    kind: 'event',
    ev: id,
    eventId: `event-${id}`,
    epoch: 'e',
    payload: '{}',
    audiencePayload: null,
    audience: null,
    createdAt: new Date(id),
  };
}

const isThere = ({ verdict: { kind } }: RowVerdict): boolean => ACKNOWLEDGED.has(kind);

/** Where nobody got through and several lanes were called bad, none of them is. */
const isBlamed = (page: readonly RowVerdict[]): boolean =>
  !page.some(isThere) &&
  new Set(page.flatMap(({ row, verdict }) => (verdict.kind === 'poison' ? [laneOf(row)] : [])))
    .size > 1;

test('the rows of a lane leave as a prefix, in order, and exactly those behind the first that has to wait stay', () => {
  fc.assert(
    fc.property(page, (page) => {
      const { settled, stopped } = sortOut(page);
      const waits = ({ verdict: { kind } }: RowVerdict): boolean =>
        kind === 'outage' || kind === 'configuration' || (kind === 'poison' && isBlamed(page));
      const leaving = page.filter(({ row }, at) =>
        page
          .slice(0, at + 1)
          .every((before) => laneOf(before.row) !== laneOf(row) || !waits(before)),
      );
      expect(settled.map(({ id }) => id)).toEqual(leaving.map(({ row }) => row.id));
      expect(stopped).toEqual(new Set(page.filter(waits).map(({ row }) => laneOf(row))));
    }),
  );
});

test('what leaves is counted as delivered or dead, and what stays is held for a reason', () => {
  fc.assert(
    fc.property(page, (page) => {
      const { settled, delivered, dead, held, committedAt } = sortOut(page);
      expect(delivered + dead).toBe(settled.length);
      expect(settled.filter(({ reason }) => reason !== undefined)).toHaveLength(dead);
      expect(committedAt).toHaveLength(delivered);
      expect(held !== undefined).toBe(settled.length < page.length);
    }),
  );
});

test('what stays is in doubt where the engine may have any of it, and nowhere else', () => {
  fc.assert(
    fc.property(page, (page) => {
      const { settled, held } = sortOut(page);
      const gone = new Set(settled.map(({ id }) => id));
      const mayBeStored = page.some(
        ({ row, verdict }) =>
          !gone.has(row.id) &&
          (ACKNOWLEDGED.has(verdict.kind) || (verdict.kind === 'outage' && verdict.ambiguous)),
      );
      expect(held?.ambiguous ?? false).toBe(mayBeStored);
    }),
  );
});
