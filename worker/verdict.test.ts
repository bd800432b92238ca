import {
  CentrifugoCommandError,
  CentrifugoTransportError,
  InvalidCommandError,
  type CentrifugoTransportErrorCode,
  type CommandOutcome,
} from '@rov/realtime/server';
import { describe, expect, it } from 'vitest';

import { verdictOnFault, verdictsOnPage } from './verdict.ts';

const published: CommandOutcome = {
  ok: true,
  method: 'publish',
  result: { offset: 4, epoch: 'x' },
};
const refused = (code: number): CommandOutcome => ({
  ok: false,
  method: 'publish',
  error: new CentrifugoCommandError({ code, message: 'as Centrifugo says' }),
});
const broadcast = (...codes: (number | null)[]): CommandOutcome => ({
  ok: true,
  method: 'broadcast',
  result: {
    responses: codes.map((code) =>
      code === null
        ? { ok: true, result: {} }
        : { ok: false, error: new CentrifugoCommandError({ code, message: 'no' }) },
    ),
  },
});
const verdictOnRow = (outcomes: CommandOutcome[], listeners: string[][] = []) =>
  verdictsOnPage([
    {
      numberedIn: null,
      answers: outcomes.map((outcome, at) => ({ outcome, listeners: listeners[at] ?? [] })),
    },
  ])[0]?.verdict;
const fault = (
  code: CentrifugoTransportErrorCode,
  more: { sent?: boolean; status?: number } = {},
) =>
  new CentrifugoTransportError('what happened', {
    code,
    sent: more.sent ?? true,
    status: more.status,
  });

describe('a row', () => {
  it('is delivered when every command was acknowledged, and keeps the position in its conversation', () => {
    expect(verdictOnRow([published, broadcast(null, null)])).toEqual({
      kind: 'delivered',
      position: { offset: 4, epoch: 'x' },
    });
  });

  it('without a command, because nobody is there to hear it, is delivered', () => {
    expect(verdictOnRow([])).toEqual({ kind: 'delivered', position: undefined });
  });

  it.each([
    [100, { kind: 'outage', ambiguous: true }],
    [111, { kind: 'outage', ambiguous: false }],
    [102, { kind: 'configuration' }],
    [108, { kind: 'configuration' }],
    [104, { kind: 'configuration' }],
    [4711, { kind: 'configuration' }],
    [107, { kind: 'poison', code: 107 }],
  ])('answered with code %i is %j', (code, verdict) => {
    expect(verdictOnRow([refused(code)])).toMatchObject(verdict);
  });

  it('waits when one channel of its broadcast had an outage, whatever the others said', () => {
    expect(
      verdictOnRow([published, broadcast(107, null, 100)], [[], ['ann', 'ben', 'cleo']]),
    ).toMatchObject({ kind: 'outage' });
  });

  it('says what Centrifugo said', () => {
    expect(verdictOnRow([refused(102)])).toMatchObject({ reason: '102: as Centrifugo says' });
  });
});

describe('a request without a usable answer', () => {
  it.each([
    ['unreachable', {}, { kind: 'outage', ambiguous: false }],
    ['ambiguous', {}, { kind: 'outage', ambiguous: true }],
    ['unavailable', { status: 502 }, { kind: 'outage', ambiguous: true }],
    ['aborted', { sent: false }, { kind: 'outage', ambiguous: false }],
    ['aborted', { sent: true }, { kind: 'outage', ambiguous: true }],
    ['unauthorized', { status: 401 }, { kind: 'configuration' }],
    ['not_found', { status: 404 }, { kind: 'configuration' }],
    ['bad_request', { status: 400 }, { kind: 'refused' }],
  ] as const)('%s %j is %j', (code, more, verdict) => {
    expect(verdictOnFault(fault(code, more))).toMatchObject(verdict);
  });

  it('that was never sent because a field is wrong is refused', () => {
    const wrong = new InvalidCommandError({ index: 0, field: 'version', expected: 'whole' });
    expect(verdictOnFault(wrong)).toMatchObject({ kind: 'refused' });
  });

  it('because of a fault of ours is thrown, not judged', () => {
    expect(() => verdictOnFault(new TypeError('ours'))).toThrow('ours');
  });
});
