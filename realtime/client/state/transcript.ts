import type { Message } from '../../contract/index.ts';
import { mergeMessages } from './merge-messages.ts';
import type { Choice } from './own-reactions.ts';
import { withOwnReactions } from './own-reactions.ts';

/**
 * What is known of one conversation's messages, and how far that knowledge is complete.
 *
 * Events of a conversation are numbered without holes (`ev`). As long as each one heard is the next number, nothing was
 * missed. A number that is skipped, a loss that the connection reports, a `resync`, and an event that does not bring its
 * message make the transcript fall behind, until the server tells what changed since the last number without a hole.
 */
export interface Transcript {
  /** Delivery epoch of what is held; null before the first page. */
  epoch: string | null;
  /** In rising `seq`, without holes except while it is behind. */
  items: readonly Message[];
  hasOlder: boolean;
  /** Whether the conversation goes on behind the last item: somebody looks at its middle. */
  hasNewer: boolean;
  /** What happened up to this number is contained in `items`. */
  ev: number;
  /** Numbers heard beyond a hole, rising. */
  ahead: readonly number[];
  /** Every readable message from the first item up to this `seq` is held. */
  heldTo: number;
  /** Turn of the youngest reason to doubt that no answer has settled. */
  doubt: number | null;
  /** Turn at which the last request left whose answer is held: an earlier one of another epoch is late. */
  toldAt: number;
  /** Heard before the first page. */
  early: readonly TranscriptEvent[];
}

/** An event of a conversation's channel, as far as the transcript looks into it: unknown types count too. */
export interface TranscriptEvent {
  type: string;
  ev: number;
  epoch: string;
  seq?: number | undefined;
  message?: Message | undefined;
  fromSeq?: number | undefined;
  userId?: string | undefined;
  emoji?: string | undefined;
  added?: boolean | undefined;
}

export interface Hearing {
  me: string;
  turn: number;
}

export const emptyTranscript: Transcript = {
  epoch: null,
  items: [],
  hasOlder: false,
  hasNewer: false,
  ev: 0,
  ahead: [],
  heldTo: 0,
  doubt: null,
  toldAt: -1,
  early: [],
};

/** More than this before a first page is not worth keeping: the next page has it. */
const KEPT_EARLY = 500;

export function isBehind({ ahead, doubt }: Transcript): boolean {
  return ahead.length > 0 || doubt !== null;
}

export function withDoubt(transcript: Transcript, turn: number): Transcript {
  return { ...transcript, doubt: turn };
}

/** A foreign delivery epoch: the database was restored, and what was held may never have happened. */
export function startOver(turn: number): Transcript {
  return { ...emptyTranscript, doubt: turn, toldAt: turn - 1 };
}

export function withEvent(
  transcript: Transcript,
  event: TranscriptEvent,
  hearing: Hearing,
): Transcript {
  if (transcript.epoch === null) {
    const full = transcript.early.length === KEPT_EARLY;
    const early = [...(full ? transcript.early.slice(1) : transcript.early), event];
    return { ...transcript, early, doubt: full ? hearing.turn : transcript.doubt };
  }
  if (event.epoch !== transcript.epoch) return { ...startOver(hearing.turn), early: [event] };
  const { message } = event;
  if (message !== undefined) return settled(withHeard(transcript, event, hearing));
  if (event.ev <= transcript.ev) return transcript;
  // It is not counted as heard, so that what changed since the number before it will be asked for.
  if (leavesUntold(transcript, event)) return withUntold(transcript, event, hearing.turn);
  return settled(withNumber(transcript, event.ev));
}

/** Messages as they fit between what is held: nothing that would leave a hole at either end. */
export function withMessages(
  transcript: Transcript,
  messages: readonly Message[],
  how: { told: boolean },
): Transcript {
  const fitting = messages.filter((message) => fits(transcript, message));
  const items = mergeMessages(transcript.items, fitting, how);
  return items === transcript.items ? transcript : { ...transcript, items };
}

/** Moves `ev` over what is there without a hole, and `heldTo` to the end when nothing is missing. */
export function settled(transcript: Transcript): Transcript {
  let { ev } = transcript;
  const ahead: number[] = [];
  for (const number of transcript.ahead) {
    if (number <= ev + 1) ev = Math.max(ev, number);
    else ahead.push(number);
  }
  const moved = ev !== transcript.ev || ahead.length !== transcript.ahead.length;
  const next = moved ? { ...transcript, ev, ahead } : transcript;
  const heldTo = isBehind(next) ? next.heldTo : (next.items.at(-1)?.seq ?? 0);
  return heldTo === next.heldTo ? next : { ...next, heldTo };
}

function withHeard(transcript: Transcript, event: TranscriptEvent, { me }: Hearing): Transcript {
  const { message, ev } = event;
  if (message === undefined) return transcript;
  const held = transcript.items.find(({ id }) => id === message.id);
  const own = withOwnReactions(message, { me, held, choice: choiceOf(event) });
  return withNumber(withMessages(transcript, [own], { told: false }), ev);
}

function withNumber(transcript: Transcript, ev: number): Transcript {
  if (ev <= transcript.ev || transcript.ahead.includes(ev)) return transcript;
  return { ...transcript, ahead: [...transcript.ahead, ev].toSorted((a, b) => a - b) };
}

function withUntold(transcript: Transcript, event: TranscriptEvent, turn: number): Transcript {
  if (event.type !== 'resync') return { ...transcript, doubt: turn };
  // From 0 on is from the beginning on: of a conversation in which nothing had been said.
  const { fromSeq = 1 } = event;
  const again = transcript.items.filter(({ seq }) => seq >= fromSeq);
  const ev = Math.min(transcript.ev, ...again.map((message) => (message.ev ?? Infinity) - 1));
  const heldTo = Math.min(transcript.heldTo, Math.max(0, fromSeq - 1));
  return { ...transcript, ev, heldTo, doubt: turn };
}

const CHANGES = new Set(['message', 'message_updated', 'message_deleted', 'reaction']);

/** Whether something happened to what is held, and the event does not say what. */
function leavesUntold({ hasOlder, items }: Transcript, { type, seq }: TranscriptEvent): boolean {
  if (type === 'resync') return true;
  if (!CHANGES.has(type)) return false;
  const first = items[0]?.seq;
  return !(hasOlder && seq !== undefined && first !== undefined && seq < first);
}

function fits({ items, hasOlder, hasNewer }: Transcript, { seq }: Message): boolean {
  const first = items[0]?.seq;
  const last = items.at(-1)?.seq;
  if (first === undefined || last === undefined) return !hasNewer && !hasOlder;
  return (seq >= first || !hasOlder) && (seq <= last || !hasNewer);
}

function choiceOf({ type, userId, emoji, added }: TranscriptEvent): Choice | null {
  if (type !== 'reaction' || userId === undefined || emoji === undefined) return null;
  return { userId, emoji, added: added ?? true };
}
