import { withChannelEvent } from './channel-events.ts';
import type { ChatInput } from './chat-input.ts';
import type { ChatState, Room } from './chat-state.ts';
import {
  withLookUp,
  withLoaded,
  withMore,
  withReadUpTo,
  withStoredRead,
  withToldRow,
} from './inbox.ts';
import {
  withAllRetried,
  withFailed,
  withoutSend,
  withQueued,
  withRetry,
  withSending,
} from './pending.ts';
import { withPresence } from './presence-states.ts';
import { expired, inRoom, withMessage, withRoomPage } from './room.ts';
import { withSync } from './sync.ts';
import { withDoubt } from './transcript.ts';
import { withTrouble } from './trouble.ts';
import { withUserEvent } from './user-events.ts';
import { doubtAfter } from './without.ts';

/**
 * What a client knows after an input: the only place where that is decided, without a clock, a socket or a request.
 * The same inputs make the same state; one that brings nothing returns the state itself.
 */
export function reduce(state: ChatState, input: ChatInput): ChatState {
  const next = applied({ ...state, turn: state.turn + 1 }, input);
  return KEYS.every((key) => next[key] === state[key]) ? state : next;
}

const KEYS = ['inbox', 'rooms', 'people', 'presence', 'presenceDoubt'] as const;

function applied(state: ChatState, input: ChatInput): ChatState {
  switch (input.type) {
    case 'event':
      return input.conversationId === null
        ? withUserEvent(state, input.event)
        : withChannelEvent(state, input.conversationId, input);
    case 'lost':
      return withLoss(state, input.conversationId);
    case 'tick':
      return expired(state, input.now);
    case 'opened':
    case 'closed':
    case 'wanted':
    case 'page':
    case 'message':
      return inConversation(state, input);
    case 'looked_up':
      return withLookUp(state, input.conversationId);
    case 'wanted_more':
      return { ...state, inbox: { ...state.inbox, wantsMore: state.inbox.nextCursor !== null } };
    case 'wanted_people':
      return { ...state, people: { ...state.people, doubt: state.turn } };
    case 'read':
      return withReadUpTo(state, input);
    case 'failed':
      return withTrouble(state, input);
    case 'resumed':
      return withEachRoom(state, (room) => ({ ...room, pending: withAllRetried(room.pending) }));
    case 'written':
    case 'sending':
    case 'send_failed':
    case 'retried':
    case 'discarded':
      return inRoom(state, input.conversationId, (room) => withOwnSend(room, input));
    default:
      return answered(state, input);
  }
}

type OfRoom = Extract<ChatInput, { type: 'opened' | 'closed' | 'wanted' | 'page' | 'message' }>;
type OfSend = Extract<
  ChatInput,
  { type: 'written' | 'sending' | 'send_failed' | 'retried' | 'discarded' }
>;
type Answer = Extract<
  ChatInput,
  {
    type: 'list' | 'more' | 'sync' | 'sync_expired' | 'row' | 'people' | 'presence' | 'read_stored';
  }
>;

function inConversation(state: ChatState, input: OfRoom): ChatState {
  switch (input.type) {
    case 'opened':
    case 'closed': {
      const open = input.type === 'opened';
      return inRoom(state, input.conversationId, (room) => ({ ...room, open }));
    }
    case 'wanted':
      return inRoom(state, input.conversationId, (room) => ({
        ...room,
        ...{ wanted: input.wanted, trouble: null },
      }));
    case 'page':
      return withRoomPage(state, input);
    case 'message':
      return withMessage(state, input.message);
    default:
      input satisfies never;
      return state;
  }
}

function withOwnSend(room: Room, input: OfSend): Room {
  return { ...room, pending: pendingAfter(room.pending, input) };
}

function pendingAfter(pending: Room['pending'], input: OfSend): Room['pending'] {
  switch (input.type) {
    case 'written':
      return withQueued(pending, input.send);
    case 'sending':
      return withSending(pending, input.clientId);
    case 'send_failed': {
      const { reason, retryAt } = input;
      return withFailed(pending, input.clientId, { reason, retryAt });
    }
    case 'retried':
      return withRetry(pending, input.clientId);
    case 'discarded':
      return withoutSend(pending, input.clientId);
    default:
      input satisfies never;
      return pending;
  }
}

function answered(state: ChatState, input: Answer): ChatState {
  switch (input.type) {
    case 'list':
      return withLoaded(state, input);
    case 'more':
      return withMore(state, input);
    case 'sync':
      return withSync(state, input);
    case 'sync_expired':
      return { ...state, inbox: { ...state.inbox, syncCursor: null } };
    case 'row':
      return withToldRow(state, input);
    case 'people': {
      const doubt = doubtAfter(state.people.doubt, input.asked);
      const people = { status: 'ready', items: input.items, doubt, trouble: null } as const;
      return { ...state, people };
    }
    case 'presence':
      return withPresence(state, input.items, input.asked);
    case 'read_stored':
      return withStoredRead(state, input);
    default:
      input satisfies never;
      return state;
  }
}

function withLoss(state: ChatState, conversationId: string | null): ChatState {
  if (conversationId === null) return { ...state, inbox: { ...state.inbox, doubt: state.turn } };
  if (!(conversationId in state.rooms)) return state;
  return inRoom(state, conversationId, (room) => ({
    ...room,
    transcript: withDoubt(room.transcript, state.turn),
  }));
}

function withEachRoom(state: ChatState, change: (room: Room) => Room): ChatState {
  const rooms = Object.entries(state.rooms).map(([id, room]) => [id, change(room)] as const);
  return { ...state, rooms: Object.fromEntries(rooms) };
}
