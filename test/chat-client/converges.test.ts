import { emptyChat, needsOf, reduce } from '@rov/realtime/client';
import type { ChatInput, ChatState, Need } from '@rov/realtime/client';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createServer } from './simulated-server.ts';
import type { Published } from './simulated-server.ts';

type Reduce = typeof reduce;
type Server = ReturnType<typeof createServer>;

/** What the world does next; numbers choose among what there is. */
type Step =
  | { do: 'say'; from: 'ann' | 'ben'; system: boolean }
  | { do: 'edit' | 'remove'; at: number; untold: boolean }
  | { do: 'react'; at: number; by: 'ann' | 'ben' }
  | { do: 'read'; by: 'ann' | 'ben'; seq: number }
  | { do: 'rename' | 'resync' | 'restore' }
  /** Of what is on its way one comes (again, where it is to be repeated), whichever the order. */
  | { do: 'deliver'; which: number; keep: boolean }
  | { do: 'drop'; which: number }
  /** A request leaves, and what was asked comes. */
  | { do: 'ask' | 'catch_up' }
  /** What is on its way is lost, and the connection says so. */
  | { do: 'disconnect' }
  | { do: 'answer'; which: number }
  | { do: 'want'; way: 'older' | 'newer' | 'around'; seq: number };

const who = fc.constantFrom('ann' as const, 'ben' as const);
const which = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('say' as const), from: who, system: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'remove' as const),
      at: which,
      untold: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('react' as const), at: which, by: who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read' as const), by: who, seq: fc.nat(9) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('rename' as const, 'resync' as const, 'restore' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), which, keep: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('ask' as const, 'disconnect' as const, 'catch_up' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('want' as const),
      way: fc.constantFrom('older' as const, 'older' as const, 'newer' as const, 'around' as const),
      seq: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

const start = (apply: Reduce) => apply(emptyChat('ann'), { type: 'opened', conversationId: 'c1' });

function answerTo(server: Server, need: Need, asked: number): ChatInput[] {
  switch (need.what) {
    case 'list':
      return [{ type: 'list', list: server.list(), asked }];
    case 'row':
      return [{ type: 'row', conversationId: 'c1', row: server.row(), asked }];
    case 'page': {
      const page = server.page(need.how);
      return [{ type: 'page', conversationId: 'c1', how: need.how, page, asked }];
    }
    default:
      return [];
  }
}

function act(server: Server, step: Step) {
  if (step.do === 'say') server.say(step.from, step.system ? 'system' : 'text');
  else if (step.do === 'edit') server.edit(step.at, step.untold);
  else if (step.do === 'remove') server.remove(step.at, step.untold);
  else if (step.do === 'react') server.react(step.at, step.by);
  else if (step.do === 'read') server.read(step.by, step.seq);
  else if (step.do === 'rename') server.rename();
  else if (step.do === 'resync') server.resync();
  else if (step.do === 'restore') server.restore();
}

/** Fetches until nothing is needed; a client that never has enough is broken, too. */
function settle(before: ChatState, server: Server, apply: Reduce): ChatState {
  let state = before;
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const needs = needsOf(state);
    if (needs.length === 0) return state;
    const asked = state.turn;
    state = needs.flatMap((need) => answerTo(server, need, asked)).reduce(apply, state);
  }
  throw new Error(`never has enough: ${JSON.stringify(needsOf(state))}`);
}

const hear = ({ conversationId, event }: Published): ChatInput => ({
  ...{ type: 'event', conversationId, event, now: 0 },
});

const LOSSES: ChatInput[] = [
  { type: 'lost', conversationId: null },
  { type: 'lost', conversationId: 'c1' },
];

/** Plays the steps, lets what is on its way arrive, reports a loss of what was dropped, and reads what is missing. */
function play(steps: readonly Step[], apply: Reduce) {
  const server = createServer();
  let state = start(apply);
  const answers: ChatInput[][] = [];
  let dropped = false;
  const onTheWay = server.published;
  const take = <T>(items: T[], at: number) => items.splice(at % Math.max(1, items.length), 1);
  for (const one of steps) {
    act(server, one);
    // A restored database is noticed by the next event or the next connection.
    if (one.do === 'restore') dropped = true;
    if (one.do === 'deliver') {
      const [next] = take(onTheWay, one.which);
      if (next && one.keep) onTheWay.push(next);
      if (next) state = apply(state, hear(next));
    } else if (one.do === 'drop') {
      dropped = take(onTheWay, one.which).length > 0 || dropped;
    } else if (one.do === 'ask') {
      const asked = state.turn;
      answers.push(needsOf(state).flatMap((need) => answerTo(server, need, asked)));
    } else if (one.do === 'disconnect') {
      onTheWay.length = 0;
      state = LOSSES.reduce(apply, state);
    } else if (one.do === 'catch_up') {
      state = settle(state, server, apply);
    } else if (one.do === 'answer') {
      state = (take(answers, one.which)[0] ?? []).reduce(apply, state);
    } else if (one.do === 'want') {
      const wanted = one.way === 'around' ? { way: one.way, seq: one.seq } : { way: one.way };
      state = apply(state, { type: 'wanted', conversationId: 'c1', wanted });
    }
  }
  state = onTheWay.map(hear).reduce(apply, state);
  if (dropped) state = LOSSES.reduce(apply, state);
  state = settle(state, server, apply);
  state = answers.flat().reduce(apply, state);
  return { state: settle(state, server, apply), server };
}

/** The same as a client shows that begins now: of the messages as many as were held. */
function expectTruth({ state, server }: ReturnType<typeof play>) {
  const room = state.rooms['c1']!;
  const { items, hasOlder, hasNewer } = room.transcript;
  const all = settle(start(reduce), createWhole(server), reduce).rooms['c1']!.transcript.items;
  const first = items[0]?.seq ?? 1;
  const last = hasNewer ? (items.at(-1)?.seq ?? 0) : Infinity;
  expect(items).toEqual(all.filter(({ seq }) => seq >= first && seq <= last));
  expect(hasOlder).toBe(first > 1);
  // An event of the conversation alone changes nothing in the list but this number.
  const { ev: _ours, ...row } = state.inbox.conversations[0]!;
  const { ev: _theirs, ...truth } = server.row();
  expect(row).toEqual(truth);
  const [receipt] = server.page({ way: 'latest' }).receipts!;
  expect(room.receipts['ben']).toEqual({
    lastReadSeq: receipt!.lastReadSeq,
    lastDeliveredSeq: receipt!.lastDeliveredSeq,
  });
}

/** The same server with pages that hold everything. */
function createWhole(server: Server): Server {
  const changed = () => server.page({ way: 'changed', since: 0 });
  return {
    ...server,
    page: () => {
      const pages = [changed()];
      while (pages.at(-1)!.hasNewer) {
        pages.push(server.page({ way: 'changed', since: pages.at(-1)!.items.at(-1)!.ev! }));
      }
      const items = pages.flatMap((page) => page.items).toSorted((a, b) => a.seq - b.seq);
      return { ...pages[0]!, items, hasOlder: false, hasNewer: false };
    },
  };
}

const property = (apply: Reduce) =>
  fc.property(fc.array(step, { maxLength: 60 }), (steps) => expectTruth(play(steps, apply)));

describe('a client that hears events repeated, late, in another order or not at all', () => {
  test('comes to what a client shows that begins now', () => {
    expect(() => fc.assert(property(reduce), { numRuns: 5000 })).not.toThrow();
  });
});

/** Clients with a mistake, each of which has to be found out. */
const BROKEN: Record<string, Reduce> = {
  'takes the last state of a message that comes, whatever its number': (state, input) => {
    if (input.type !== 'event' || input.conversationId === null) return reduce(state, input);
    const message = input.event['message'] as object | undefined;
    const held = state.rooms['c1']!.transcript.items;
    if (message === undefined || !('seq' in message)) return reduce(state, input);
    const seq = message.seq;
    const bare = held.map((it) => (it.seq === seq ? { ...it, ev: 0 } : it));
    return reduce(withItems(state, bare), input);
  },
  'thinks that nothing is missing behind a hole': (state, input) => {
    const next = reduce(state, input);
    const room = next.rooms['c1']!;
    const { ahead, ev } = room.transcript;
    const transcript = { ...room.transcript, ahead: [], ev: Math.max(ev, ...ahead) };
    return { ...next, rooms: { c1: { ...room, transcript } } };
  },
  'counts a message as unread each time it is heard': (state, input) => {
    const again =
      input.type === 'event' &&
      input.event['type'] === 'new_message' &&
      (state.inbox.rows['c1']?.heard.some(({ ev }) => ev === input.event['ev']) ?? false);
    const next = reduce(state, input);
    const row = next.inbox.rows['c1'];
    if (!again || !row?.base) return next;
    const base = { ...row.base, unreadCount: row.base.unreadCount + 1 };
    const inbox = { ...next.inbox, rows: { c1: { ...row, base } } };
    return reduce({ ...next, inbox }, { type: 'read', conversationId: 'c1', seq: 0 });
  },
  'goes on after the database was restored as if it had not been': (state, input) => {
    if (input.type === 'event') {
      return reduce(state, { ...input, event: { ...input.event, epoch: 'e1' } });
    }
    if (input.type !== 'page') return reduce(state, input);
    return reduce(state, { ...input, page: { ...input.page, epoch: 'e1' } });
  },
  'lets an answer settle what was doubted after the question': (state, input) =>
    reduce(state, 'asked' in input ? { ...input, asked: Infinity } : input),
};

function withItems(state: ChatState, items: ChatState['rooms'][string]['transcript']['items']) {
  const room = state.rooms['c1']!;
  return { ...state, rooms: { c1: { ...room, transcript: { ...room.transcript, items } } } };
}

describe('the property finds a client out that', () => {
  test.each(Object.entries(BROKEN))('%s', (_what, broken) => {
    expect(
      fc.check(property(broken), { numRuns: 20_000, endOnFailure: true, seed: 7 }).failed,
    ).toBe(true);
  });
});
