import * as fc from 'fast-check';

import type { PublicationFault, RequestFault } from './centrifugo.ts';
import { AUDIENCE } from './tables.ts';

export const CONVERSATIONS = ['a', 'b'];

/** Something that happens from outside, at any time. */
export type Happening =
  | { does: 'write'; conversationId: string; takes: number; bad: boolean; rollsBack: boolean }
  | { does: 'drain'; worker: number; times: number }
  | { does: 'kill' | 'stop' | 'time out'; worker: number }
  | { does: 'nothing'; steps: number }
  | { does: 'wake'; worker: number; late: boolean }
  | { does: 'restart centrifugo' | 'expire keys' }
  | { does: 'leave' | 'come'; channel: number };

export type Scenario = {
  happenings: Happening[];
  requests: RequestFault[];
  publications: PublicationFault[];
  rows: number;
  turnMs: number;
  /** Whether a statement on a lost connection goes through on a new one, or fails. */
  reconnects: boolean;
  /** Who is awake again in the end has waited past its deadlines. */
  wakesLate: boolean;
};

const worker = often(0, 1);
const channel = fc.nat({ max: CONVERSATIONS.length + AUDIENCE.length - 1 });

/** Bad rows are all of one conversation: where several have nothing else, the fault is held to be none of theirs. */
const write = fc
  .record({
    does: fc.constant('write' as const),
    conversationId: fc.constantFrom(...CONVERSATIONS),
    takes: often(0, 5, 30),
    isBad: often(false, true),
    rollsBack: often(false, true),
  })
  .map(({ isBad, ...what }) => ({
    ...what,
    bad: isBad && what.conversationId === CONVERSATIONS[0],
  }));

const some = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const does = <const T extends Happening['does']>(...what: T[]) => fc.constantFrom(...what);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  some(3, write),
  some(6, fc.record({ does: does('drain'), worker, times: fc.integer({ min: 1, max: 4 }) })),
  some(4, fc.record({ does: does('kill'), worker })),
  some(4, fc.record({ does: does('stop', 'time out'), worker })),
  some(1, fc.record({ does: does('wake'), worker, late: fc.boolean() })),
  some(2, fc.record({ does: does('nothing'), steps: fc.nat(12) })),
  some(2, fc.record({ does: does('restart centrifugo', 'expire keys') })),
  some(2, fc.record({ does: does('leave', 'come'), channel })),
);

function often<T>(usual: T, ...rest: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    ...rest.map((one) => ({ weight: 1, arbitrary: fc.constant(one) })),
  );
}

/** A few faults, with some that all goes well for in between. */
function faults<T>(longestGap: number, ...kinds: T[]): fc.Arbitrary<(T | 'none')[]> {
  const fault = fc.record({ gap: fc.nat(longestGap), kind: fc.constantFrom(...kinds) });
  return fc
    .array(fault, { maxLength: 4 })
    .map((all) => all.flatMap(({ gap, kind }) => [...Array<'none'>(gap).fill('none'), kind]));
}

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  happenings: fc
    .tuple(fc.array(write, { minLength: 1, maxLength: 4 }), fc.array(happening, { maxLength: 8 }))
    .map((parts) => parts.flat()),
  requests: faults<RequestFault>(4, 'unreachable', 'lost', 'answer lost', 'runs later'),
  publications: faults<PublicationFault>(
    8,
    '111',
    '100 not stored',
    '100 stored and heard',
    '100 stored unheard',
    '100 stored unheard',
    '100 stored unheard later',
  ),
  rows: fc.integer({ min: CONVERSATIONS.length, max: 3 }),
  turnMs: fc.constantFrom(0, 1_000),
  reconnects: fc.boolean(),
  wakesLate: fc.boolean(),
});

const plainWrite = (conversationId: string): Happening => ({
  does: 'write',
  conversationId,
  takes: 0,
  bad: false,
  rollsBack: false,
});

/**
 * A conversation that has to wait, with more rows than two pages hold, and behind them a row of another. That one is on
 * its way, and stored unheard, when the worker dies.
 */
export const PASSED_OVER: Scenario = {
  happenings: [
    ...['a', 'a', 'a', 'a', 'a', 'b'].map(plainWrite),
    { does: 'drain', worker: 0, times: 1 },
    { does: 'kill', worker: 0 },
  ],
  requests: [],
  publications: ['111', 'none', 'none', 'none', 'none', 'none', '100 stored unheard'],
  rows: 2,
  turnMs: 1_000,
  reconnects: true,
  wakesLate: false,
};
