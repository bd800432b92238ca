import type { Conversation, Presence } from '../../contract/index.ts';
import type { Connection } from '../../contract/rest/people.ts';
import type { OwnRead } from './own-read.ts';
import type { Pending } from './pending.ts';
import type { Receipts } from './receipts.ts';
import type { RowEvent } from './row-event.ts';
import type { Transcript } from './transcript.ts';
import { emptyTranscript } from './transcript.ts';

/** Why something could not be fetched or sent, in terms that a program can decide on and a user can read. */
export interface Trouble {
  /** HTTP status; 0 without any answer. */
  status: number;
  code: string;
  message: string;
}

/**
 * Everything that one signed-in user's client knows. Only `reduce` makes one from another.
 *
 * Turns are the client's own clock: the number rises with every input that changes something. What gives reason to
 * doubt notes the turn, a request notes the turn at which it left, and an answer settles the doubts that are not
 * younger than its request.
 */
export interface ChatState {
  /** The user's id. */
  me: string;
  turn: number;
  inbox: Inbox;
  /** Conversations whose messages were asked for or written to, by id. */
  rooms: Readonly<Record<string, Room>>;
  people: People;
  /** By user id; of two states of one user the higher `version` holds. */
  presence: Readonly<Record<string, Presence>>;
  /** Turn at which states of presence were reported lost. */
  presenceDoubt: number | null;
}

/** The list of conversations. */
export interface Inbox {
  status: 'loading' | 'ready';
  rows: Readonly<Record<string, Row>>;
  /** What the rows come to, newest first. */
  conversations: readonly Conversation[];
  /** Where the list goes on; null at its end. */
  nextCursor: string | null;
  /** Of the last sync; null before it and on servers without it. */
  syncCursor: string | null;
  doubt: number | null;
  wantsMore: boolean;
  /** Unread messages in conversations that are not among the rows. */
  unreadBeyond: number;
  trouble: Trouble | null;
}

/** A conversation in the list: as the server told it last, and what was heard since. */
export interface Row {
  /** Turn at which it came into the list. */
  since: number;
  base: Conversation | null;
  /** Turn at which the request for `base` left. */
  toldAt: number;
  /** Events behind `base`, in rising `ev`. */
  heard: readonly RowEvent[];
  /** How far its user has read, where that is not in `base` yet. */
  read: OwnRead | null;
  doubt: number | null;
  /** What base, events and reads come to; null while nothing is known, or it is gone. */
  conversation: Conversation | null;
  /** Whether that is the whole truth; otherwise the row has to be read again. */
  whole: boolean;
}

/** Which further page somebody wants to see. */
export type Wanted = { way: 'older' } | { way: 'newer' } | { way: 'around'; seq: number };

/** What happened to a member, by the number of the event that said so. */
export interface MemberChange {
  ev: number;
  /** null: left. */
  role: 'owner' | 'admin' | 'member' | null;
}

/** One conversation from the inside. */
export interface Room {
  /** Whether anybody looks at it: only then is anything fetched for it. */
  open: boolean;
  transcript: Transcript;
  pending: Pending;
  receipts: Receipts;
  /** Changes heard, by user id; a list of members with a lower number is older than them. */
  members: Readonly<Record<string, MemberChange>>;
  /** Until when (milliseconds since the epoch) somebody counts as writing or looking, by user id. */
  typing: Readonly<Record<string, number>>;
  viewing: Readonly<Record<string, number>>;
  wanted: Wanted | null;
  trouble: Trouble | null;
}

/** With whom a conversation can be started. */
export interface People {
  status: 'loading' | 'ready';
  items: readonly Connection[];
  doubt: number | null;
  trouble: Trouble | null;
}

export const emptyRoom: Room = {
  open: false,
  transcript: emptyTranscript,
  pending: [],
  receipts: {},
  members: {},
  typing: {},
  viewing: {},
  wanted: null,
  trouble: null,
};

export function emptyChat(me: string): ChatState {
  return {
    me,
    turn: 0,
    inbox: {
      status: 'loading',
      rows: {},
      conversations: [],
      nextCursor: null,
      syncCursor: null,
      doubt: null,
      wantsMore: false,
      unreadBeyond: 0,
      trouble: null,
    },
    rooms: {},
    people: { status: 'loading', items: [], doubt: null, trouble: null },
    presence: {},
    presenceDoubt: null,
  };
}
