import type { Message, MessagePage } from '@rov/realtime';

import { mergeMessages } from './merge-messages.ts';

/**
 * What is known of one conversation's messages, and how far that knowledge is complete.
 *
 * Events of a conversation are numbered without holes (`ev`). As long as each one heard is the next
 * number, nothing was missed. A number that is skipped, a loss that the connection reports or a
 * `resync` make the transcript fall behind until a page from the server settles it.
 */
export type Transcript = {
  /** Delivery epoch of what is held; null before the first page. */
  epoch: string | null;
  items: readonly Message[];
  hasOlder: boolean;
  /** Every event up to this number is contained in `items`. */
  ev: number;
  /** Numbers heard beyond a hole, rising. */
  ahead: readonly number[];
  /** Every readable message from the first item up to this `seq` is held: catching up starts after it. */
  heldTo: number;
  /** How often something gave reason to doubt, and how many of those doubts a page has settled. */
  doubts: number;
  settled: number;
};

/** An event of a conversation's channel, as far as the transcript looks into it: unknown types count too. */
export type TranscriptEvent = {
  type: string;
  ev: number;
  epoch: string;
  message?: Message | undefined;
  fromSeq?: number | undefined;
};

export const emptyTranscript: Transcript = {
  epoch: null,
  items: [],
  hasOlder: false,
  ev: 0,
  ahead: [],
  heldTo: 0,
  doubts: 0,
  settled: 0,
};

/** What must be fetched before the transcript is complete again; null when it is. */
export function needOf(transcript: Transcript): 'latest' | 'newer' | null {
  if (transcript.epoch === null) return 'latest';
  return isBehind(transcript) ? 'newer' : null;
}

function newestSeq(transcript: Transcript): number {
  return transcript.items.at(-1)?.seq ?? 0;
}

export function withDoubt(transcript: Transcript): Transcript {
  return { ...transcript, doubts: transcript.doubts + 1 };
}

export function withEvent(transcript: Transcript, event: TranscriptEvent): Transcript {
  if (transcript.epoch !== null && event.epoch !== transcript.epoch) {
    return startOver(transcript);
  }
  const heard = event.message === undefined ? [] : [event.message];
  const items = mergeMessages(transcript.items, heard);
  if (event.ev <= transcript.ev) return settle({ ...transcript, items });
  const known = event.type === 'resync' ? withResync(transcript, event.fromSeq ?? 1) : transcript;
  return settle({ ...known, items, ahead: [...new Set([...known.ahead, event.ev])] });
}

/** The newest page. `asOf` is `doubts` at the time of the request: later doubts stay open. */
export function withLatest(transcript: Transcript, page: MessagePage, asOf: number): Transcript {
  const foreign = transcript.epoch !== null && transcript.epoch !== page.epoch;
  const before = foreign ? startOver(transcript) : transcript;
  const first = page.items[0]?.seq;
  const touches = before.epoch !== null && (first === undefined || first <= before.heldTo + 1);
  const kept = touches
    ? before.items
    : before.items.filter((message) => first === undefined || message.seq >= first);
  return settle({
    ...before,
    epoch: page.epoch,
    items: mergeMessages(kept, page.items),
    heldTo: Math.max(touches ? before.heldTo : 0, page.items.at(-1)?.seq ?? 0),
    hasOlder: touches ? before.hasOlder : page.hasOlder,
    ev: Math.max(before.ev, page.ev),
    settled: Math.max(before.settled, asOf),
  });
}

/** A page that was asked for with `after: heldTo`. */
export function withNewer(transcript: Transcript, page: MessagePage, asOf: number): Transcript {
  if (transcript.epoch !== page.epoch) return startOver(transcript);
  const items = mergeMessages(transcript.items, page.items);
  if (page.hasNewer) {
    const last = page.items.at(-1)?.seq ?? 0;
    return { ...transcript, items, heldTo: Math.max(transcript.heldTo, last) };
  }
  return settle({
    ...transcript,
    items,
    ev: Math.max(transcript.ev, page.ev),
    settled: Math.max(transcript.settled, asOf),
  });
}

/** A page that was asked for with `before` the first item. */
export function withOlder(transcript: Transcript, page: MessagePage): Transcript {
  if (transcript.epoch !== page.epoch) return startOver(transcript);
  return {
    ...transcript,
    items: mergeMessages(transcript.items, page.items),
    hasOlder: page.hasOlder,
  };
}

function isBehind({ ahead, doubts, settled }: Transcript): boolean {
  return ahead.length > 0 || doubts > settled;
}

/** A foreign delivery epoch: the database was restored, and what was held may never have happened. */
function startOver(transcript: Transcript): Transcript {
  return { ...emptyTranscript, doubts: transcript.doubts + 1, settled: transcript.settled };
}

function withResync(transcript: Transcript, fromSeq: number): Transcript {
  // From 0 on is from the beginning on: of a conversation in which nothing had been said.
  return {
    ...withDoubt(transcript),
    heldTo: Math.min(transcript.heldTo, Math.max(0, fromSeq - 1)),
  };
}

/** Moves `ev` over what is there without a hole, and `heldTo` to the end when nothing is missing. */
function settle(transcript: Transcript): Transcript {
  let { ev } = transcript;
  const waiting = transcript.ahead.filter((number) => number > ev).toSorted((a, b) => a - b);
  const ahead: number[] = [];
  for (const number of waiting) {
    if (transcript.epoch !== null && number <= ev + 1) ev = number;
    else ahead.push(number);
  }
  const settled = { ...transcript, ev, ahead };
  const complete = settled.epoch !== null && !isBehind(settled);
  return complete ? { ...settled, heldTo: newestSeq(settled) } : settled;
}
