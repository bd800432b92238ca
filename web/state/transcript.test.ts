import { describe, expect, test } from 'vitest';

import { exampleMessage, examplePage } from './example.ts';
import {
  emptyTranscript,
  needOf,
  withDoubt,
  withEvent,
  withLatest,
  withNewer,
  withOlder,
} from './transcript.ts';
import type { Transcript } from './transcript.ts';

const seqs = (transcript: Transcript) => transcript.items.map(({ seq }) => seq);
const said = (seq: number, ev = seq) => ({
  type: 'message',
  ev,
  epoch: 'e1',
  message: exampleMessage({ seq }),
});

/** Messages and events 1 to 3, nothing missing. */
const loaded = withLatest(emptyTranscript, examplePage({ from: 1, to: 3 }), 0);

describe('a transcript', () => {
  test('needs the newest page before anything else', () => {
    expect(needOf(emptyTranscript)).toBe('latest');
    expect(needOf(loaded)).toBeNull();
  });

  test('takes the next event without asking for anything', () => {
    const heard = withEvent(loaded, said(4));
    expect(seqs(heard)).toEqual([1, 2, 3, 4]);
    expect(needOf(heard)).toBeNull();
    expect(heard.heldTo).toBe(4);
  });

  test('is unmoved by repeats', () => {
    const once = withEvent(loaded, said(4));
    const twice = withEvent(withEvent(once, said(4)), said(2));
    expect(seqs(twice)).toEqual([1, 2, 3, 4]);
    expect(needOf(twice)).toBeNull();
  });

  test('shows what it heard beyond a hole, and asks from before the hole', () => {
    const heard = withEvent(loaded, said(6));
    expect(seqs(heard)).toEqual([1, 2, 3, 6]);
    expect(needOf(heard)).toBe('newer');
    expect(heard.heldTo).toBe(3);
    const whole = withNewer(heard, examplePage({ from: 4, to: 6 }), heard.doubts);
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(needOf(whole)).toBeNull();
  });

  test('is whole again when the missing events come late after all', () => {
    const heard = [said(6), said(5), said(4)].reduce(withEvent, loaded);
    expect(needOf(heard)).toBeNull();
    expect(heard.heldTo).toBe(6);
  });

  test('counts events that it does not understand', () => {
    const unknown = { type: 'reaction', ev: 4, epoch: 'e1' };
    const heard = withEvent(withEvent(loaded, unknown), said(4, 5));
    expect(needOf(heard)).toBeNull();
    expect(needOf(withEvent(loaded, said(4, 5)))).toBe('newer');
  });

  test('stays behind while a page says that there is more', () => {
    const doubted = withDoubt(loaded);
    const more = withNewer(doubted, examplePage({ from: 4, to: 5, ev: 9, hasNewer: true }), 1);
    expect(needOf(more)).toBe('newer');
    expect(more.heldTo).toBe(5);
    expect(needOf(withNewer(more, examplePage({ from: 6, to: 9 }), 1))).toBeNull();
  });

  test('does not let a page settle a doubt that is younger than its request', () => {
    const asked = withDoubt(loaded);
    const doubtedAgain = withDoubt(asked);
    const page = examplePage({ from: 4, to: 3, ev: 3 });
    expect(needOf(withNewer(doubtedAgain, page, asked.doubts))).toBe('newer');
    expect(needOf(withNewer(doubtedAgain, page, doubtedAgain.doubts))).toBeNull();
  });

  test('reads again from where a resync says', () => {
    const resync = { type: 'resync', ev: 4, epoch: 'e1', fromSeq: 2 };
    const heard = withEvent(loaded, resync);
    expect(needOf(heard)).toBe('newer');
    expect(heard.heldTo).toBe(1);
    expect(
      needOf(withNewer(heard, examplePage({ from: 2, to: 3, ev: 4 }), heard.doubts)),
    ).toBeNull();
  });

  test('reads from the beginning on after a resync of a conversation in which nothing had been said', () => {
    const heard = withEvent(loaded, { type: 'resync', ev: 4, epoch: 'e1', fromSeq: 0 });
    expect(needOf(heard)).toBe('newer');
    // There are no messages after -1 to be asked for.
    expect(heard.heldTo).toBe(0);
  });

  test('asks for nothing because of a resync that its page contains already', () => {
    expect(
      needOf(withEvent(loaded, { type: 'resync', ev: 3, epoch: 'e1', fromSeq: 1 })),
    ).toBeNull();
  });

  test('keeps what was heard while the first page was on its way', () => {
    const early = withEvent(emptyTranscript, said(4));
    const page = examplePage({ from: 1, to: 3 });
    const whole = withLatest(early, page, 0);
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(needOf(whole)).toBeNull();
    const hole = withLatest(withEvent(emptyTranscript, said(5)), page, 0);
    expect(needOf(hole)).toBe('newer');
    expect(hole.heldTo).toBe(3);
  });

  test('puts older pages above and knows where they end', () => {
    const top = withLatest(emptyTranscript, examplePage({ from: 3, to: 4, hasOlder: true }), 0);
    const whole = withOlder(top, examplePage({ from: 1, to: 2, ev: 4 }));
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(whole.hasOlder).toBe(false);
  });

  test('lets go of what a restored database may never have known', () => {
    const foreign = { ...said(2), epoch: 'e2' };
    expect(needOf(withEvent(loaded, foreign))).toBe('latest');
    expect(needOf(withNewer(loaded, { ...examplePage({ from: 4, to: 4 }), epoch: 'e2' }, 0))).toBe(
      'latest',
    );
  });

  test('takes the higher revision of a message, in whichever order they come', () => {
    const edited = { ...exampleMessage({ seq: 2 }), revision: 2, content: 'edited' };
    const page = { ...examplePage({ from: 1, to: 3 }), items: [edited] };
    expect(withNewer(loaded, page, 0).items[1]?.content).toBe('edited');
    const old = withEvent(withNewer(loaded, page, 0), said(2));
    expect(old.items[1]?.content).toBe('edited');
  });
});
