import type { MessagePage } from '../../contract/index.ts';
import { settled, startOver, withEvent, withMessages } from './transcript.ts';
import type { Hearing, Transcript } from './transcript.ts';
import { doubtAfter } from './without.ts';

/** How a page was asked for, and so what it tells. */
export type PageAsked =
  | { way: 'latest' }
  | { way: 'around'; seq: number }
  | { way: 'older'; before: number }
  | { way: 'newer'; after: number }
  | { way: 'changed'; since: number }
  /** On a server that cannot be asked what changed: what was said after this `seq`. */
  | { way: 'said'; after: number };

export interface PageFacts {
  page: MessagePage;
  how: PageAsked;
  /** Turn at which the request left: doubts that are younger stay. */
  asked: number;
}

export function withPage(transcript: Transcript, facts: PageFacts, hearing: Hearing): Transcript {
  const { page, how, asked } = facts;
  if (page.epoch !== transcript.epoch && asked <= transcript.toldAt) return transcript;
  if (how.way === 'latest' || how.way === 'around') return withWindow(transcript, facts, hearing);
  if (transcript.epoch !== page.epoch) {
    return transcript.epoch === null ? transcript : startOver(hearing.turn);
  }
  switch (how.way) {
    case 'older':
      if (transcript.items[0]?.seq !== how.before) return transcript;
      return asOf(
        { ...withTold(transcript, page, { hasOlder: false }), hasOlder: page.hasOlder },
        page,
        hearing,
      );
    case 'newer':
      if (transcript.items.at(-1)?.seq !== how.after) return transcript;
      return settled(
        asOf(
          { ...withTold(transcript, page, { hasNewer: false }), hasNewer: page.hasNewer },
          page,
          hearing,
        ),
      );
    case 'changed':
      return withChanged(transcript, page, { since: how.since, asked });
    case 'said':
      return withSaid(transcript, page, asked);
    default:
      how satisfies never;
      return transcript;
  }
}

/** A page that stands for itself. Held messages next to it that are newer stay. */
function withWindow(before: Transcript, { page, asked }: PageFacts, hearing: Hearing): Transcript {
  const first = page.items[0]?.seq ?? 0;
  const last = page.hasNewer ? (page.items.at(-1)?.seq ?? 0) : Infinity;
  const same = before.epoch === page.epoch;
  const kept = same ? before.items.filter(({ seq }) => seq >= first && seq <= last) : [];
  const window: Transcript = {
    ...{ epoch: page.epoch, items: kept, hasOlder: false, hasNewer: false },
    ev: page.ev,
    ahead: same ? before.ahead.filter((ev) => ev > page.ev) : [],
    heldTo: page.items.at(-1)?.seq ?? 0,
    doubt: doubtAfter(before.doubt, asked),
    toldAt: Math.max(asked, same ? before.toldAt : 0),
    early: [],
  };
  const told = {
    ...withMessages(window, page.items, { told: true }),
    ...{ hasOlder: page.hasOlder, hasNewer: page.hasNewer },
  };
  // What was contained already and is not in this page cannot be told from what was missed.
  const behind = same && before.ev > page.ev;
  const known = settled(behind ? { ...told, doubt: hearing.turn } : told);
  const foreign = before.early.some(({ epoch }) => epoch !== page.epoch);
  return before.early
    .filter(({ epoch }) => epoch === page.epoch)
    .reduce<Transcript>(
      (transcript, event) => withEvent(transcript, event, hearing),
      foreign ? { ...known, doubt: hearing.turn } : known,
    );
}

function withTold(
  transcript: Transcript,
  page: MessagePage,
  open: Partial<Pick<Transcript, 'hasOlder' | 'hasNewer'>>,
): Transcript {
  return withMessages({ ...transcript, ...open }, page.items, { told: true });
}

/** What a page brings is as old as the page: what happened since has to be asked for once more. */
function asOf(transcript: Transcript, page: MessagePage, { turn }: Hearing): Transcript {
  if (page.ev >= transcript.ev) return transcript;
  return { ...transcript, ev: page.ev, doubt: turn };
}

function withChanged(
  transcript: Transcript,
  page: MessagePage,
  { since, asked }: { since: number; asked: number },
): Transcript {
  const told = withMessages(transcript, page.items, { told: true });
  // The transcript fell further behind while it was asked for: this page begins too late.
  if (since > transcript.ev) return told;
  if (page.hasNewer) {
    return settled({ ...told, ev: Math.max(told.ev, page.items.at(-1)?.ev ?? 0) });
  }
  return settled({
    ...{ ...told, ev: Math.max(told.ev, page.ev) },
    doubt: doubtAfter(transcript.doubt, asked),
  });
}

function withSaid(transcript: Transcript, page: MessagePage, asked: number): Transcript {
  const told = withMessages(transcript, page.items, { told: true });
  const last = page.items.at(-1)?.seq ?? 0;
  if (page.hasNewer) return { ...told, heldTo: Math.max(told.heldTo, last) };
  return settled({
    ...{ ...told, ev: Math.max(told.ev, page.ev) },
    doubt: doubtAfter(transcript.doubt, asked),
  });
}
