import type {
  Conversation,
  ConversationUpdatedEvent,
  NewMessageEvent,
} from '../../contract/index.ts';
import type { Row } from './chat-state.ts';
import { laterRead, readBeyond, readIn, withOwnRead } from './own-read.ts';
import type { OwnRead } from './own-read.ts';
import type { RowEvent } from './row-event.ts';
import { doubtAfter } from './without.ts';

/** So many events are kept apart from what they change; then the oldest ones are taken for granted. */
const KEPT_EVENTS = 64;

/** A conversation of which nothing is known but that it should be asked for. */
export function newRow(turn: number): Row {
  return {
    ...{ since: turn, toldAt: -1, base: null, heard: [], read: null, doubt: turn },
    ...{ conversation: null, whole: true },
  };
}

/** Whether nothing is known of it but that somebody asks for it: the list need not reach so far. */
export function isSought({ base, heard, doubt }: Row): boolean {
  return base === null && heard.length === 0 && doubt !== null;
}

/** Each event once, whatever the order in which they come; what `base` contains already says nothing new. */
export function withRowEvent(
  row: Row,
  event: RowEvent,
  { me, turn }: { me: string; turn: number },
): Row {
  const { base, heard } = row;
  if (base !== null && base.epoch !== event.epoch) return { ...row, doubt: turn };
  if (base !== null && event.ev <= base.ev) return row;
  if (heard.some((known) => known.ev === event.ev && known.type === event.type)) return row;
  const events = [...heard, event].toSorted((a, b) => a.ev - b.ev);
  const doubt = base === null ? turn : row.doubt;
  return withOldest(summed({ ...row, heard: events, doubt }, me), me);
}

/** The conversation as the server told it, on a request that left at the turn `asked`. */
export function withTold(
  row: Row,
  fresh: Conversation,
  { me, asked }: { me: string; asked: number },
): Row {
  const { base } = row;
  const same = base !== null && base.epoch === fresh.epoch;
  const older = same && fresh.ev < base.ev;
  // What is held has events in it that this answer does not: the next answer will.
  // Nor can a late answer be right that says the same number, or names another epoch.
  const late =
    base !== null && asked <= row.toldAt && (!same || (fresh.ev === base.ev && asked < row.toldAt));
  if (older || late) return row;
  const heard = row.heard.filter(({ ev, epoch }) => epoch === fresh.epoch && ev > fresh.ev);
  const foreign = base !== null && !same;
  const known =
    same && base.lastReadSeq > fresh.lastReadSeq ? laterRead(row.read, readIn(base)) : row.read;
  const read = foreign ? null : readBeyond(known, { fresh, asked });
  const doubt = doubtAfter(row.doubt, asked);
  return summed({ ...row, base: fresh, toldAt: asked, heard, read, doubt }, me);
}

export function withRead(row: Row, read: OwnRead, me: string): Row {
  return summed({ ...row, read: laterRead(row.read, read) }, me);
}

function summed(row: Row, me: string): Row {
  const { base, heard } = row;
  const last = heard.findLast(({ type }) => RAISED.has(type));
  if (last?.type === 'conversation_removed') return { ...row, conversation: null, whole: true };
  if (base === null) return { ...row, conversation: null, whole: true };
  const { conversation, certain } = withOwnRead(base, row.read);
  return { ...row, ...heard.reduce(next(me), { conversation, whole: certain }) };
}

const RAISED = new Set(['conversation_added', 'conversation_removed']);

type Sum = { conversation: Conversation; whole: boolean };

const next =
  (me: string) =>
  (sum: Sum, event: RowEvent): Sum => {
    const conversation = { ...sum.conversation, ev: Math.max(sum.conversation.ev, event.ev) };
    switch (event.type) {
      case 'new_message':
        return withNewMessage({ ...sum, conversation }, event, me);
      case 'conversation_updated':
        return withUpdate({ ...sum, conversation }, event);
      case 'conversation_added':
      case 'conversation_removed':
      case 'resync':
        return { conversation, whole: false };
      default:
        event satisfies never;
        return sum;
    }
  };

/** Messages are numbered without holes: where one is skipped, more than was heard happened. */
function withNewMessage(
  { conversation: known, whole }: Sum,
  event: NewMessageEvent,
  me: string,
): Sum {
  const { seq, senderId, preview, messageId: id, messageType, at: createdAt } = event;
  if (seq <= known.lastSeq) return { conversation: known, whole };
  // Servers that do not name the type know of no deletions either.
  const type = messageType === undefined ? {} : { type: messageType, deletedAt: null };
  const conversation = {
    ...known,
    lastSeq: seq,
    lastMessage: { id, seq, senderId, preview, ...type, createdAt },
  };
  const skipped = seq - known.lastSeq - 1;
  return {
    conversation: { ...conversation, ...readAfter(known, { event, skipped, me }) },
    whole: whole && skipped === 0,
  };
}

function readAfter(
  known: Conversation,
  { event, skipped, me }: { event: NewMessageEvent; skipped: number; me: string },
): Partial<Conversation> {
  const { seq } = event;
  const system = event.messageType === 'system';
  // Whoever writes has read; what the server writes about them tells nothing of that.
  if (event.senderId === me && !system) {
    return {
      ...{ lastReadSeq: Math.max(seq, known.lastReadSeq), unreadCount: 0 },
      ...(known.unreadFromSeq === undefined ? {} : { unreadFromSeq: null }),
    };
  }
  const more = skipped + (system ? 0 : 1);
  return {
    unreadCount: Math.min(
      known.unreadCount + more,
      known.unreadCount + Math.max(0, seq - known.lastReadSeq),
    ),
  };
}

function withUpdate({ conversation: known, whole }: Sum, event: ConversationUpdatedEvent): Sum {
  const { title, image, memberCount, lastMessage, deletedSeq } = event;
  const says = [title, image, memberCount, lastMessage, deletedSeq].some((it) => it !== undefined);
  const conversation = {
    ...known,
    ...(title === undefined ? {} : { title }),
    ...(image === undefined ? {} : { image }),
    ...(memberCount === undefined ? {} : { memberCount }),
  };
  if (lastMessage !== undefined && lastMessage.seq >= (known.lastMessage?.seq ?? 0)) {
    conversation.lastMessage = lastMessage;
  }
  const unreadFrom = Math.min(known.lastReadSeq + 1, known.unreadFromSeq ?? Infinity);
  if (deletedSeq !== undefined && deletedSeq >= unreadFrom) {
    conversation.unreadCount = Math.max(0, known.unreadCount - 1);
  }
  // Who came or went changes the first members, of which the event does not tell.
  const moved = memberCount !== undefined && memberCount !== known.memberCount;
  const untold = lastMessage === undefined && deletedSeq === known.lastMessage?.seq;
  const hides = deletedSeq !== undefined && untold;
  return { conversation, whole: whole && says && !moved && !hides };
}

/** Of a long row of events the oldest become part of what is taken for granted. */
function withOldest(row: Row, me: string): Row {
  const { base, heard, read } = row;
  const [oldest, ...later] = heard;
  if (base === null || oldest === undefined || later.length < KEPT_EVENTS || !row.whole) return row;
  const start = withOwnRead(base, read).conversation;
  const { conversation } = next(me)({ conversation: start, whole: true }, oldest);
  return { ...row, base: conversation, heard: later };
}
