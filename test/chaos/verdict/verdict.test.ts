import { chatChannel, conversationChannel } from '@rov/realtime';
import { expect, test } from 'vitest';

import type { Audit } from '../../reliability/audit.ts';
import type { Deed } from '../load/ledger.ts';
import { noExcuses } from './excuses.ts';
import { messagesOnly } from './messages-only.ts';
import type { Case, Testimony } from './testimony.ts';
import { reachVerdict } from './verdict.ts';

const audit: Audit = {
  notStored: [],
  storedTwice: [],
  holes: [],
  vanished: [],
  settledTwice: [],
  waiting: 0,
  dead: 0,
};
const told = { outcome: 'acknowledged', startedAt: 100, answeredAt: 110, tries: 1 } as const;
const send = (n: number, more: Partial<Deed> = {}): Deed =>
  ({ verb: 'send', conversationId: 'talk', clientId: `m${n}`, seq: n, ...told, ...more }) as Deed;

type Raw = Testimony['raw'][number];
const onConversation = (n: number, more: object = {}): Raw => ({
  channel: conversationChannel('talk'),
  receivedAt: 100 + n,
  data: {
    type: 'message',
    eventId: `e${n}`,
    conversationId: 'talk',
    ev: n,
    message: { clientId: `m${n}` },
    ...more,
  },
});
const onChat = (n: number, more: object = {}): Raw => ({
  channel: chatChannel('ann'),
  receivedAt: 100 + n,
  data: {
    type: 'new_message',
    eventId: `e${n}`,
    conversationId: 'talk',
    ev: n,
    clientId: `m${n}`,
    ...more,
  },
});
const both = (...numbers: number[]): Raw[] =>
  numbers.flatMap((n) => [onConversation(n), onChat(n)]);

const POINTERS = { lastSeq: 3, lastReadSeq: 0, unreadFromSeq: null };
const LISTED = { there: true, ev: 3, ...POINTERS };

const page = (raw: readonly Raw[], more: Partial<Testimony> = {}): Testimony => ({
  name: 'Ann',
  userId: 'ann',
  conversations: ['talk'],
  hearsChat: true,
  raw,
  shown: () => [1, 2, 3].map((n) => ({ clientId: `m${n}` })),
  states: () => new Map(),
  reloads: [],
  list: new Map([['talk', LISTED]]),
  presence: new Map(),
  ...more,
});
const given = (pages: Testimony[], more: Partial<Case> = {}): Case & { audit: Audit } => ({
  deeds: [send(1), send(2), send(3)],
  pages,
  truth: {
    memberships: [{ userId: 'ann', conversationId: 'talk', ...POINTERS }],
    receipts: [],
    messages: [],
    presence: [],
    leavers: [],
    contacts: [],
  },
  published: new Map(),
  excuses: noExcuses(),
  audit,
  ...more,
});
const NOTHING = {
  lost: [],
  duplicated: [],
  reordered: [],
  excused: { duplicated: 0, reordered: 0 },
};

test('finds nothing where everything came once and in order', () => {
  expect(reachVerdict(given([page(both(1, 2, 3))]))).toEqual(NOTHING);
});

test('names what no page ever showed', () => {
  const shown = () => [{ clientId: 'm1' }, { clientId: 'm3' }];
  expect(reachVerdict(given([page(both(1, 2, 3), { shown })])).lost).toEqual([
    { witness: 'eyes', what: 'Ann: m2 in talk' },
  ]);
});

test('names what was shown and never heard, on each channel', () => {
  const raw = [...both(1), onChat(2), ...both(3)];
  expect(reachVerdict(given([page(raw)])).lost).toEqual([
    { witness: 'wire', what: 'Ann: message m2 on conversation:talk' },
  ]);
});

test('an event is not missed where a page had to read again because of a gap in which it was published', () => {
  const raw = [...both(1), onChat(2), ...both(3)];
  const channel: string = conversationChannel('talk');
  const reload = { channel, lostAt: 20_000, backAt: 20_100 };
  const lost = (published: object[], reloads = [reload]) =>
    reachVerdict(
      given([page(raw, { reloads })], {
        published: new Map([[`${channel} message m2`, published as never]]),
      }),
    ).lost;
  const sent = (from: number, to: number) => [{ eventId: 'e2', from, to }];
  expect(lost(sent(20_010, 20_020))).toEqual([]);
  // Into a connection that was dead already.
  expect(lost(sent(15_000, 15_010))).toEqual([]);
  expect(lost(sent(1_000, 1_010))).toHaveLength(1);
  expect(lost(sent(20_200, 20_210))).toHaveLength(1);
  expect(lost([])).toHaveLength(1);
  const ofChat = [{ ...reload, channel: chatChannel('ann') }];
  expect(lost(sent(20_010, 20_020), ofChat)).toHaveLength(1);
});

test('an event is not missed where a resync asked to read it again', () => {
  const resync = (fromSeq: number): Raw =>
    onConversation(4, { type: 'resync', fromSeq, message: undefined });
  const raw = [...both(1), onChat(2), ...both(3)];
  expect(reachVerdict(given([page([...raw, resync(2)])]))).toEqual(NOTHING);
  expect(reachVerdict(given([page([...raw, resync(3)])])).lost).toHaveLength(1);
});

test('names repeats on a socket, unless Centrifugo lost its memory between the two', () => {
  const again = { ...onChat(1), receivedAt: 200 };
  const pages = [page([...both(1, 2, 3), again])];
  expect(reachVerdict(given(pages)).duplicated).toEqual([
    { witness: 'wire', what: 'Ann: e1 on chat:ann' },
  ]);
  const lostAt = (from: number, to: number) => ({
    excuses: { ...noExcuses(), engineLost: [{ from, to }] },
  });
  expect(reachVerdict(given(pages, lostAt(150, 160)))).toEqual({
    ...NOTHING,
    excused: { duplicated: 1, reordered: 0 },
  });
  expect(reachVerdict(given(pages, lostAt(300, 310))).duplicated).toHaveLength(1);
});

test('names what came behind its successor, unless a fault kept it back there', () => {
  const pages = [page([...both(1, 3), onConversation(2), onChat(2)])];
  expect(reachVerdict(given(pages)).reordered).toEqual([
    { witness: 'wire', what: 'Ann: ev 2 behind 3 on conversation:talk' },
    { witness: 'wire', what: 'Ann: ev 2 behind 3 on chat:ann' },
  ]);
  const excuses = { ...noExcuses(), heldBack: new Set(['chat:ann e2']) };
  expect(reachVerdict(given(pages, { excuses }))).toEqual({
    ...NOTHING,
    reordered: [{ witness: 'wire', what: 'Ann: ev 2 behind 3 on conversation:talk' }],
    excused: { duplicated: 0, reordered: 1 },
  });
});

test('what came behind its successor is excused as a repeat only where Centrifugo lost its memory between the two', () => {
  const late = { ...onConversation(2), receivedAt: 200 };
  const pages = [page([...both(1), onChat(2), ...both(3), late])];
  const reordered = (publishedAt: number, lostAt: number, eventId = 'e2') =>
    reachVerdict(
      given(pages, {
        published: new Map([
          [
            `${conversationChannel('talk')} message m2`,
            [{ eventId, from: publishedAt, to: publishedAt + 1 }],
          ],
        ]),
        excuses: { ...noExcuses(), engineLost: [{ from: lostAt, to: lostAt + 10 }] },
      }),
    ).reordered;
  // Published at 90 to a page that was away, its successor heard at 103, the memory lost, and published again.
  expect(reordered(90, 150)).toEqual([]);
  expect(reordered(90, 300)).toHaveLength(1);
  expect(reordered(90, 80)).toHaveLength(1);
  expect(reordered(190, 150)).toHaveLength(1);
  expect(reordered(90, 150, 'another')).toHaveLength(1);
});

test('names what users saw in the wrong order or twice', () => {
  const shown = () => ['m2', 'm1', 'm3', 'm3'].map((clientId) => ({ clientId }));
  expect(reachVerdict(given([page(both(1, 2, 3), { shown })]))).toMatchObject({
    duplicated: [{ witness: 'eyes', what: 'Ann: m3 in talk' }],
    reordered: [{ witness: 'eyes', what: 'Ann: m1 in talk' }],
  });
});

test('a send without an answer counts as nothing or as one, and never as two', () => {
  const deeds = [send(1), send(2), send(3), send(4, { outcome: 'unanswered' })];
  expect(reachVerdict(given([page(both(1, 2, 3))], { deeds }))).toEqual(NOTHING);
  const shown = () => [1, 2, 3, 4].map((n) => ({ clientId: `m${n}` }));
  expect(reachVerdict(given([page(both(1, 2, 3, 4), { shown })], { deeds }))).toEqual(NOTHING);
  const twice = () => [1, 2, 3, 4, 4].map((n) => ({ clientId: `m${n}` }));
  expect(
    reachVerdict(given([page(both(1, 2, 3), { shown: twice })], { deeds })).duplicated,
  ).toEqual([{ witness: 'eyes', what: 'Ann: m4 in talk' }]);
});

test('names a list, a read pointer and a presence that are not as Postgres has them', () => {
  const lists = (listed: Partial<Testimony>, truth: Partial<Case['truth']> = {}) => {
    const one = given([page(both(1, 2, 3), listed)]);
    return reachVerdict({ ...one, truth: { ...one.truth, ...truth } }).lost.map(({ what }) => what);
  };
  const listed = (state: object) => new Map([['talk', { ...LISTED, ...state }]]);
  expect(lists({ list: new Map() })).toEqual(['Ann: nothing of talk in its list']);
  expect(lists({ list: listed({ lastSeq: 2 }) })).toHaveLength(1);
  expect(lists({ list: listed({ lastReadSeq: 1 }) })).toHaveLength(1);
  expect(lists({ list: listed({ unreadFromSeq: 1 }) })).toEqual([
    'Ann: marked from 1 instead of null of talk in its list',
  ]);
  expect(lists({}, { memberships: [] })).toEqual(['Ann: talk is still in its list, and left']);

  const presence = [{ userId: 'ben', status: 'away', version: 2 }];
  const contacts = [{ userId: 'ann', contactId: 'ben' }];
  const known = (version: number) =>
    lists({ presence: new Map([['ben', { status: 'away', version }]]) }, { presence, contacts });
  expect(known(2)).toEqual([]);
  expect(known(1)).toEqual(['Ann: away 1 of ben, who is away 2']);
});

test('names whoever signed out and is still in', () => {
  const out = { verb: 'sign out', userId: 'cyd', ...told } as const;
  const lost = (leaver: Partial<Case['truth']['leavers'][number]>, deeds: Deed[] = [out]) => {
    const one = given([page(both(1, 2, 3))]);
    const leavers = [{ userId: 'cyd', isAdmitted: false, connectedAt: null, ...leaver }];
    return reachVerdict({
      ...one,
      deeds: [...one.deeds, ...deeds],
      truth: { ...one.truth, leavers },
    }).lost.map(({ what }) => what);
  };
  expect(lost({})).toEqual([]);
  expect(lost({ isAdmitted: true })).toEqual(['cyd signed out, and the token from before is good']);
  expect(lost({ connectedAt: 50 })).toEqual([
    'cyd signed out, and the connection from before is open',
  ]);
  // A page that keeps its token may come back for as long as that is good.
  expect(lost({ connectedAt: 200 })).toEqual([]);
  expect(lost({ isAdmitted: true, connectedAt: 50 }, [{ ...out, outcome: 'unanswered' }])).toEqual(
    [],
  );
});

test('each deed has its announcement: openings, members who come and go, and what was read', () => {
  const other = (type: string, n: number, more: object = {}): Raw =>
    onChat(n, { type, conversationId: 'club', eventId: `club${n}`, ...more });
  const deeds = [
    { verb: 'create group', conversationId: 'club', userIds: ['ann', 'ben'], ...told },
    { verb: 'leave', conversationId: 'club', userId: 'ann', ...told },
    { verb: 'add member', conversationId: 'club', userId: 'ann', ...told },
    { verb: 'add member', conversationId: 'talk', userId: 'cyd', ...told },
    { verb: 'change role', conversationId: 'talk', userId: 'cyd', role: 'admin', ...told },
    { verb: 'rename', conversationId: 'talk', title: 'Club 1', ...told },
    { verb: 'mark read', conversationId: 'talk', userId: 'ann', lastReadSeq: 2, ...told },
    { verb: 'mark read', conversationId: 'talk', userId: 'ann', lastReadSeq: 2, ...told },
  ] as Deed[];
  const all = [
    other('conversation_added', 1),
    other('conversation_removed', 2),
    other('conversation_added', 3),
    onConversation(4, { type: 'member_joined', userId: 'cyd' }),
    onConversation(5, { type: 'member_updated', userId: 'cyd', role: 'admin' }),
    onConversation(6, { type: 'conversation_updated', title: 'Club 1' }),
    onChat(6, { type: 'conversation_updated', title: 'Club 1' }),
    onChat(0, { type: 'read', eventId: 'read', ev: undefined, lastReadSeq: 2 }),
  ];
  const shown = () => [];
  const lost = (raw: Raw[]) =>
    reachVerdict(given([page(raw, { shown })], { deeds })).lost.map(({ what }) => what);
  expect(lost(all)).toEqual([]);
  const missed = [
    'conversation_added club on chat:ann',
    'conversation_removed club on chat:ann',
    'conversation_added club on chat:ann',
    'member_joined talk cyd on conversation:talk',
    'member_updated talk cyd admin on conversation:talk',
    'conversation_updated talk Club 1 on conversation:talk',
    'conversation_updated talk Club 1 on chat:ann',
    'read talk 2 on chat:ann',
  ];
  for (const [left, what] of missed.entries()) {
    expect(lost(all.filter((_, index) => index !== left))).toEqual([`Ann: ${what}`]);
  }
});

test('what became of a message has its announcement: other words, a deletion, and reactions that come and go', () => {
  const place = { conversationId: 'talk', messageId: 'id1', seq: 1 };
  const choice = { ...place, userId: 'ann', emoji: '👍' };
  const deeds = [
    { verb: 'edit', ...place, revision: 2, ...told },
    { verb: 'react', ...choice, ...told },
    { verb: 'take reaction back', ...choice, ...told },
    { verb: 'react', ...choice, ...told },
    { verb: 'edit', ...place, revision: 3, ...told, outcome: 'refused' },
    { verb: 'delete', ...place, ...told },
  ] as Deed[];
  const said = (n: number, type: string, more: object): Raw =>
    onConversation(n, { type, messageId: 'id1', seq: 1, message: undefined, ...more });
  const chosen = { userId: 'ann', emoji: '👍' };
  const all = [
    said(1, 'message_updated', { message: { revision: 2 } }),
    said(2, 'reaction', { ...chosen, added: true }),
    said(3, 'reaction', { ...chosen, added: false }),
    said(4, 'reaction', { ...chosen, added: true }),
    said(5, 'message_deleted', {}),
    onChat(5, { type: 'conversation_updated', deletedSeq: 1 }),
    // The last line of a list has other words: no deed is known by that.
    onChat(6, { type: 'conversation_updated' }),
  ];
  const shown = () => [];
  const verdict = (raw: Raw[]) => reachVerdict(given([page(raw, { shown })], { deeds }));
  const lost = (raw: Raw[]) => verdict(raw).lost.map(({ what }) => what);
  expect(verdict(all)).toEqual(NOTHING);
  const missed = [
    'message_updated id1 2 on conversation:talk',
    'reaction id1 ann 👍 true on conversation:talk',
    'reaction id1 ann 👍 false on conversation:talk',
    'reaction id1 ann 👍 true on conversation:talk',
    'message_deleted id1 on conversation:talk',
    'deleted talk 1 on chat:ann',
  ];
  for (const [left, what] of missed.entries())
    expect(lost(all.filter((_, index) => index !== left))).toEqual([`Ann: ${what}`]);

  expect(verdict([...all, all[1]!]).duplicated).toHaveLength(1);
  expect(verdict([all[1]!, all[0]!, ...all.slice(2)]).reordered).toEqual([
    { witness: 'wire', what: 'Ann: ev 1 behind 2 on conversation:talk' },
  ]);
});

test('names a message that a page shows in the end otherwise than Postgres has it', () => {
  const state = { ev: 7, content: 'edited', reactions: [{ emoji: '👍', count: 2 }] };
  const stored = { ...state, id: 'id1', conversationId: 'talk', clientId: 'm1' };
  const lost = (shown: object, conversations = ['talk']) => {
    const states = () => new Map([['id1', { ...state, ...shown }]]);
    const one = given([page(both(1, 2, 3), { states, conversations })]);
    const truth = { ...one.truth, messages: [stored] };
    return reachVerdict({ ...one, deeds: [], truth }).lost.map(({ what }) => what);
  };
  expect(lost({})).toEqual([]);
  expect(lost({ ev: 6 })).toEqual(['Ann: m1 in talk as of ev 6 instead of 7']);
  expect(lost({ content: 'said' })).toHaveLength(1);
  expect(lost({ reactions: [{ emoji: '👍', count: 1 }] })).toHaveLength(1);
  expect(lost({ reactions: undefined })).toHaveLength(1);
  expect(lost({ ev: 6 }, [])).toEqual([]);
});

test('names pointers that are not what was acknowledged last, and leaves open what nobody answered', () => {
  const about = { conversationId: 'talk', userId: 'ann', ...told };
  const deeds = [
    { verb: 'mark read', lastReadSeq: 2, ...about },
    { verb: 'report delivered', lastDeliveredSeq: 3, ...about },
    { verb: 'mark read', lastReadSeq: 1, ...about },
  ] as Deed[];
  const receipt = { conversationId: 'talk', userId: 'ann', lastReadSeq: 2, lastDeliveredSeq: 3 };
  const found = (pointers: object, more: Deed[] = []) => {
    const one = given([], { deeds: [...deeds, ...more] });
    const receipts = [{ ...receipt, ...pointers }];
    return reachVerdict({ ...one, truth: { ...one.truth, receipts } })
      .lost.filter(({ witness }) => witness === 'rest')
      .map(({ what }) => what);
  };
  expect(found({})).toEqual([]);
  expect(found({ lastReadSeq: 1 })).toEqual(['ann in talk: read up to 1, and 2 was acknowledged']);
  expect(found({ lastDeliveredSeq: 2 })).toHaveLength(1);
  expect(found({ lastReadSeq: 3 })).toHaveLength(1);
  const unanswered = { verb: 'mark read', lastReadSeq: 0, ...about, outcome: 'unanswered' } as Deed;
  expect(found({ lastReadSeq: 3 }, [unanswered])).toEqual([]);
  expect(found({ lastReadSeq: 1 }, [unanswered])).toHaveLength(1);
});

test('names what tables hold wrongly', () => {
  const wrong = { ...audit, vanished: ['talk 2'], storedTwice: ['m1 in talk'], dead: 1 };
  expect(reachVerdict({ ...given([page(both(1, 2, 3))]), audit: wrong })).toMatchObject({
    lost: [{ what: 'no table knows event talk 2' }, { what: '1 dead letters' }],
    duplicated: [{ what: 'stored twice: m1 in talk' }],
  });
});

test('where only messages are on trial, nothing is missed on the user’s own channel or in lists', () => {
  const raw = [1, 2, 3].map((n) => onConversation(n));
  const one = given([page(raw, { list: new Map() })]);
  expect(reachVerdict(one).lost).toHaveLength(4);
  expect(reachVerdict(messagesOnly(one))).toEqual(NOTHING);
});
