import { describe, expect, test } from 'vitest';

import { exampleMessage, examplePage } from '../../../test/chat-client/example.ts';
import type { MessagePage } from '../../contract/index.ts';
import type { ChatInput, HeardEvent } from './chat-input.ts';
import { emptyChat } from './chat-state.ts';
import type { ChatState } from './chat-state.ts';
import { needsOf } from './needs.ts';
import { reduce } from './reduce.ts';
import type { PageAsked } from './transcript-pages.ts';

const feed = (state: ChatState, ...inputs: ChatInput[]) => inputs.reduce(reduce, state);
const event = (it: HeardEvent): ChatInput => ({
  ...{ type: 'event', conversationId: 'c1', now: 0 },
  event: { epoch: 'e1', conversationId: 'c1', ...it },
});
const said = (seq: number, ev = seq) =>
  event({ type: 'message', ev, message: { ...exampleMessage({ seq }), ev } });
const lost: ChatInput = { type: 'lost', conversationId: 'c1' };
const got = (how: PageAsked, page: MessagePage, asked: number): ChatInput => ({
  ...{ type: 'page', conversationId: 'c1' },
  ...{ how, page, asked },
});
const latest = (page: MessagePage, asked = 99) => got({ way: 'latest' }, page, asked);
const changed = (since: number, page: MessagePage, asked = 99) =>
  got({ way: 'changed', since }, page, asked);
const transcriptOf = (state: ChatState) => state.rooms['c1']!.transcript;
const seqs = (state: ChatState) => transcriptOf(state).items.map(({ seq }) => seq);
const need = (state: ChatState) =>
  needsOf(state).flatMap((one) => (one.what === 'page' ? [one.how] : []))[0] ?? null;

const opened = feed(emptyChat('ann'), { type: 'opened', conversationId: 'c1' });
/** Messages and events 1 to 3, nothing missing. */
const loaded = feed(opened, latest(examplePage({ from: 1, to: 3 })));

describe('a transcript', () => {
  test('needs the newest page before anything else, and only while somebody looks', () => {
    expect(need(opened)).toEqual({ way: 'latest' });
    expect(need(loaded)).toBeNull();
    expect(need(feed(opened, { type: 'closed', conversationId: 'c1' }))).toBeNull();
  });

  test('takes the next event without asking for anything', () => {
    const heard = feed(loaded, said(4));
    expect(seqs(heard)).toEqual([1, 2, 3, 4]);
    expect(need(heard)).toBeNull();
    expect(transcriptOf(heard).heldTo).toBe(4);
  });

  test('is unmoved by repeats', () => {
    const once = feed(loaded, said(4));
    expect(feed(once, said(4), said(2))).toBe(once);
  });

  test('shows what it heard beyond a hole, and asks from before the hole', () => {
    const heard = feed(loaded, said(6));
    expect(seqs(heard)).toEqual([1, 2, 3, 6]);
    expect(need(heard)).toEqual({ way: 'changed', since: 3 });
    expect(transcriptOf(heard).heldTo).toBe(3);
    const whole = feed(heard, changed(3, examplePage({ from: 4, to: 6 })));
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(need(whole)).toBeNull();
    expect(transcriptOf(whole).heldTo).toBe(6);
  });

  test('is whole again when the missing events come late after all', () => {
    const heard = feed(loaded, said(6), said(5), said(4));
    expect(need(heard)).toBeNull();
    expect(transcriptOf(heard).heldTo).toBe(6);
  });

  test('counts events that it does not understand', () => {
    const heard = feed(loaded, event({ type: 'from_the_future', ev: 4 }), said(4, 5));
    expect(need(heard)).toBeNull();
    expect(need(feed(loaded, said(4, 5)))).not.toBeNull();
  });

  test('stays behind while a page says that there is more', () => {
    const page = examplePage({ from: 4, to: 5, ev: 9, hasNewer: true });
    const numbered = { ...page, items: page.items.map((it) => ({ ...it, ev: it.seq })) };
    const more = feed(loaded, lost, changed(3, numbered));
    expect(need(more)).toEqual({ way: 'changed', since: 5 });
    expect(need(feed(more, changed(5, examplePage({ from: 6, to: 9 }))))).toBeNull();
  });

  test('does not let a page settle a doubt that is younger than its request', () => {
    const doubted = feed(loaded, lost);
    const again = feed(doubted, lost);
    const page = examplePage({ from: 4, to: 3, ev: 3 });
    expect(need(feed(again, changed(3, page, doubted.turn)))).not.toBeNull();
    expect(need(feed(again, changed(3, page, again.turn)))).toBeNull();
  });

  test('reads again from where a resync says, and not where its page contains it already', () => {
    const heard = feed(loaded, event({ type: 'resync', ev: 4, fromSeq: 2 }));
    expect(need(heard)).toEqual({ way: 'changed', since: 1 });
    expect(need(feed(heard, changed(1, examplePage({ from: 2, to: 3, ev: 4 }))))).toBeNull();
    expect(need(feed(loaded, event({ type: 'resync', ev: 3, fromSeq: 1 })))).toBeNull();
  });

  test('asks for a message of which an event says only that it changed', () => {
    const heard = feed(loaded, event({ type: 'message_updated', ev: 4, seq: 2, messageId: 'm' }));
    expect(need(heard)).toEqual({ way: 'changed', since: 3 });
  });

  test('asks for nothing where that message lies before what is held', () => {
    const top = feed(opened, latest(examplePage({ from: 3, to: 4, hasOlder: true })));
    const heard = feed(top, event({ type: 'message_updated', ev: 5, seq: 1, messageId: 'm' }));
    expect(need(heard)).toBeNull();
  });

  test('keeps what was heard while the first page was on its way', () => {
    const page = examplePage({ from: 1, to: 3 });
    const whole = feed(opened, said(4), latest(page));
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(need(whole)).toBeNull();
    const hole = feed(opened, said(5), latest(page));
    expect(need(hole)).toEqual({ way: 'changed', since: 3 });
  });

  test('puts older pages above and knows where they end', () => {
    const top = feed(opened, latest(examplePage({ from: 3, to: 4, hasOlder: true })), {
      type: 'wanted',
      conversationId: 'c1',
      wanted: { way: 'older' },
    });
    expect(need(top)).toEqual({ way: 'older', before: 3 });
    const older = examplePage({ from: 1, to: 2, ev: 4 });
    const whole = feed(top, got({ way: 'older', before: 3 }, older, 99));
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(transcriptOf(whole).hasOlder).toBe(false);
    expect(need(whole)).toBeNull();
  });

  test('asks what happened to an older page while it was on its way', () => {
    const top = feed(opened, latest(examplePage({ from: 3, to: 4, hasOlder: true })), said(5));
    const older = examplePage({ from: 1, to: 2, ev: 4 });
    expect(need(feed(top, got({ way: 'older', before: 3 }, older, 99)))).toEqual({
      ...{ way: 'changed', since: 4 },
    });
  });

  test('shows the middle of a conversation, and new messages only at its end', () => {
    const around = examplePage({ from: 1, to: 2, ev: 4, hasNewer: true });
    const middle = feed(loaded, got({ way: 'around', seq: 1 }, around, 99), said(5));
    expect(seqs(middle)).toEqual([1, 2]);
    const wanted = feed(middle, {
      ...{ type: 'wanted', conversationId: 'c1', wanted: { way: 'newer' } },
    });
    expect(need(wanted)).toEqual({ way: 'newer', after: 2 });
    const rest = examplePage({ from: 3, to: 5 });
    expect(seqs(feed(wanted, got({ way: 'newer', after: 2 }, rest, 99)))).toEqual([1, 2, 3, 4, 5]);
  });

  test('lets go of what a restored database may never have known', () => {
    const foreign = event({
      type: 'message',
      ev: 2,
      epoch: 'e2',
      message: exampleMessage({ seq: 2 }),
    });
    expect(need(feed(loaded, foreign))).toEqual({ way: 'latest' });
    const page = { ...examplePage({ from: 1, to: 1 }), epoch: 'e2' };
    expect(seqs(feed(loaded, foreign, latest(page, 100)))).toEqual([1, 2]);
    expect(need(feed(loaded, lost, changed(3, page, 100)))).toEqual({ way: 'latest' });
  });

  test('takes the higher revision where a server does not number messages', () => {
    const edited = { ...exampleMessage({ seq: 2 }), revision: 2, content: 'edited' };
    const page = { ...examplePage({ from: 1, to: 3 }), items: [edited] };
    const known = feed(loaded, got({ way: 'said', after: 3 }, page, 99));
    expect(transcriptOf(known).items[1]?.content).toBe('edited');
    const old = event({ type: 'message', ev: 2, message: exampleMessage({ seq: 2 }) });
    expect(transcriptOf(feed(known, old)).items[1]?.content).toBe('edited');
  });

  test('knows its own choice from an event, which is the same for everybody', () => {
    const message = {
      ...exampleMessage({ seq: 2 }),
      ...{ ev: 4, reactions: [{ emoji: '👍', count: 1, userIds: ['ann'] }] },
    };
    const choice = { messageId: message.id, seq: 2, userId: 'ann', emoji: '👍', added: true };
    const heard = feed(loaded, event({ type: 'reaction', ev: 4, ...choice, message }));
    expect(transcriptOf(heard).items[1]?.reactions?.[0]?.mine).toBe(true);
  });
});

describe('who writes and looks', () => {
  const typing = (state: 'start' | 'stop', now: number): ChatInput => ({
    ...{ type: 'event', conversationId: 'c1', now },
    event: { type: 'typing', userId: 'ben', state, expiresInMs: 7000 },
  });
  const writers = (state: ChatState) => Object.keys(state.rooms['c1']!.typing);

  test('is believed until its time is over, until it is taken back, or until it is said', () => {
    const begun = feed(loaded, typing('start', 1000));
    expect(writers(begun)).toEqual(['ben']);
    expect(writers(feed(begun, { type: 'tick', now: 7999 }))).toEqual(['ben']);
    expect(writers(feed(begun, { type: 'tick', now: 8000 }))).toEqual([]);
    expect(writers(feed(begun, typing('stop', 2000)))).toEqual([]);
    expect(writers(feed(begun, said(4)))).toEqual([]);
  });

  test('is never the user', () => {
    const own = { type: 'typing', userId: 'ann', state: 'start', expiresInMs: 7000 };
    const input: ChatInput = { type: 'event', conversationId: 'c1', now: 0, event: own };
    expect(feed(loaded, input)).toBe(loaded);
  });
});

describe('receipts', () => {
  const read = (lastReadSeq: number) =>
    event({ type: 'read', userId: 'ben', lastReadSeq, eventId: `r${lastReadSeq}` });
  const receipts = (state: ChatState) => state.rooms['c1']!.receipts;

  test('never go back, and what was read was delivered', () => {
    const heard = feed(loaded, read(3), read(2));
    expect(receipts(heard)).toEqual({ ben: { lastReadSeq: 3, lastDeliveredSeq: 3 } });
  });

  test('of somebody who left are no longer told', () => {
    const left = event({ type: 'member_left', ev: 4, userId: 'ben', byUserId: 'ben' });
    expect(receipts(feed(loaded, read(2), left, read(3)))).toEqual({});
  });
});
