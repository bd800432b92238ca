import { describe, expect, it } from 'vitest';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { sortOut, type Sorted } from './sort-out.ts';
import type { Verdict } from './verdict.ts';

const row = (id: number, lane: { conversationId?: string; subject?: string }): OutboxRow => ({
  id,
  kind: 'event',
  conversationId: lane.conversationId ?? null,
  ev: id,
  subject: lane.subject ?? null,
  eventId: `event-${id}`,
  epoch: 'e',
  payload: '{}',
  audiencePayload: null,
  audience: null,
  createdAt: new Date(0),
});
const a = { conversationId: 'a' };
const b = { conversationId: 'b' };
const delivered: Verdict = { kind: 'delivered' };
const outage: Verdict = { kind: 'outage', reason: '100: internal', ambiguous: true };
const poison: Verdict = { kind: 'poison', reason: '107: bad request', code: 107 };
const deliveredOf = ({ settled }: Sorted) =>
  settled.filter(({ reason }) => reason === undefined).map(({ id }) => id);
const deadOf = ({ settled }: Sorted) =>
  settled.filter(({ reason }) => reason !== undefined).map(({ id }) => id);

describe('a settled page', () => {
  it('keeps what follows a failed row of the same conversation, although Centrifugo took it', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: delivered },
      { row: row(2, a), verdict: outage },
      { row: row(3, b), verdict: delivered },
      { row: row(4, a), verdict: delivered },
    ]);
    expect(deliveredOf(sorted)).toEqual([1, 3]);
    expect(sorted.held).toEqual({ kind: 'outage', reason: '100: internal', ambiguous: true });
  });

  it('doubts the repeat of a failed row when a later one of its conversation came through', () => {
    const refused: Verdict = { kind: 'outage', reason: '111: too many requests', ambiguous: false };
    const held = (later: Verdict, lane = a) =>
      sortOut([
        { row: row(1, a), verdict: refused },
        { row: row(2, lane), verdict: later },
      ]).held;
    expect(held(delivered)).toMatchObject({ ambiguous: true });
    expect(held(outage)).toMatchObject({ ambiguous: true });
    expect(held(refused)).toMatchObject({ ambiguous: false });
    expect(held(delivered, b)).toMatchObject({ ambiguous: false });
  });

  it('doubts no repeat because of a receipt behind it, which has no number', () => {
    const receipt = { ...row(1, a), kind: 'receipt', ev: null } as const;
    const refused: Verdict = { kind: 'outage', reason: '111: too many requests', ambiguous: false };
    const behind = sortOut([
      { row: row(1, a), verdict: refused },
      { row: { ...receipt, id: 2 }, verdict: delivered },
    ]);
    expect(behind.held).toMatchObject({ ambiguous: false });
  });

  it('lets a conversation go on behind a row that is itself bad', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: poison },
      { row: row(2, a), verdict: delivered },
    ]);
    expect(deadOf(sorted)).toEqual([1]);
    expect(deliveredOf(sorted)).toEqual([2]);
    expect(sorted.held).toBeUndefined();
  });

  it('buries nobody when all that several conversations had was refused: that is no fault of theirs', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: poison },
      { row: row(2, b), verdict: poison },
    ]);
    expect(deadOf(sorted)).toEqual([]);
    expect(sorted.held).toMatchObject({ kind: 'configuration', reason: '107: bad request' });
  });

  it('buries bad rows of several conversations when another one got through beside them', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: poison },
      { row: row(2, b), verdict: poison },
      { row: row(3, { conversationId: 'c' }), verdict: delivered },
    ]);
    expect(deadOf(sorted)).toEqual([1, 2]);
  });

  it('buries no bad row behind one that stays, because its turn has not come', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: outage },
      { row: row(2, a), verdict: poison },
    ]);
    expect(deadOf(sorted)).toEqual([]);
  });

  it('keeps the presence of one user in order without holding up another', () => {
    const sorted = sortOut([
      { row: row(1, { subject: 'ann' }), verdict: outage },
      { row: row(2, { subject: 'ben' }), verdict: delivered },
      { row: row(3, { subject: 'ann' }), verdict: delivered },
    ]);
    expect(deliveredOf(sorted)).toEqual([2]);
  });

  it('remembers doubt about any row, not only about the first that stayed', () => {
    const sorted = sortOut([
      { row: row(1, a), verdict: { kind: 'configuration', reason: '102: unknown channel' } },
      { row: row(2, b), verdict: outage },
    ]);
    expect(sorted.held).toMatchObject({ kind: 'configuration', ambiguous: true });
  });
});
