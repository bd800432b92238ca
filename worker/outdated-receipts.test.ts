import { describe, expect, it } from 'vitest';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { outdatedReceipts } from './outdated-receipts.ts';

const row = (id: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  id,
  kind: 'receipt',
  conversationId: 'a',
  ev: null,
  subject: 'ben',
  eventId: `event-${id}`,
  epoch: 'e',
  payload: '{"type":"read"}',
  audiencePayload: null,
  audience: null,
  createdAt: new Date(0),
  ...more,
});

const outdatedOf = (...rows: OutboxRow[]): number[] =>
  [...outdatedReceipts(rows)].map(({ id }) => id).toSorted();

describe('of the receipts of a page', () => {
  it('only the newest is worth telling', () => {
    expect(outdatedOf(row(1), row(2), row(3))).toEqual([1, 2]);
  });

  it('those of others, of other conversations and of other things stand beside it', () => {
    const delivered = '{"type":"delivered"}';
    expect(
      outdatedOf(
        row(1),
        row(2, { subject: 'cleo' }),
        row(3, { conversationId: 'b' }),
        row(4, { payload: delivered }),
        row(5, { payload: delivered }),
      ),
    ).toEqual([4]);
  });

  it('one that nobody can read takes no other with it, and no event is among them', () => {
    expect(outdatedOf(row(1), row(2, { payload: '{' }), row(3, { payload: null }))).toEqual([]);
    expect(outdatedOf(row(1, { kind: 'event', ev: 1 }), row(2, { kind: 'event', ev: 2 }))).toEqual(
      [],
    );
  });
});
