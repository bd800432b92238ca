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
import type { Pending } from './pending.ts';
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

type Inputs = { [Type in ChatInput['type']]: Extract<ChatInput, { type: Type }> };
type Reducers = { [Type in keyof Inputs]: (state: ChatState, input: Inputs[Type]) => ChatState };

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the reducer to its input
function applied<Type extends ChatInput['type']>(state: ChatState, input: Inputs[Type]): ChatState {
  const reducer: Reducers[Type] = REDUCERS[input.type];
  return reducer(state, input);
}

/** What follows from each input. */
const REDUCERS: Reducers = {
  event: (state, input) =>
    input.conversationId === null
      ? withUserEvent(state, input.event)
      : withChannelEvent(state, input.conversationId, input),
  lost: (state, { conversationId }) => withLoss(state, conversationId),
  tick: (state, { now }) => expired(state, now),
  resumed: (state) =>
    withEachRoom(state, (room) => ({ ...room, pending: withAllRetried(room.pending) })),

  opened: (state, input) =>
    inRoom(state, input.conversationId, (room) => ({ ...room, open: true })),
  closed: (state, input) =>
    inRoom(state, input.conversationId, (room) => ({ ...room, open: false })),
  wanted: (state, { conversationId, wanted }) =>
    inRoom(state, conversationId, (room) => ({ ...room, wanted, trouble: null })),
  looked_up: (state, { conversationId }) => withLookUp(state, conversationId),
  wanted_more: (state) => ({
    ...state,
    inbox: { ...state.inbox, wantsMore: state.inbox.nextCursor !== null },
  }),
  wanted_people: (state) => ({ ...state, people: { ...state.people, doubt: state.turn } }),

  list: withLoaded,
  more: withMore,
  sync: withSync,
  sync_expired: (state) => ({ ...state, inbox: { ...state.inbox, syncCursor: null } }),
  row: withToldRow,
  page: withRoomPage,
  message: (state, { message }) => withMessage(state, message),
  people: (state, { items, asked }) => {
    const doubt = doubtAfter(state.people.doubt, asked);
    return { ...state, people: { status: 'ready', items, doubt, trouble: null } };
  },
  presence: (state, { items, asked }) => withPresence(state, items, asked),
  failed: withTrouble,

  read: withReadUpTo,
  read_stored: withStoredRead,

  written: (state, { conversationId, send }) =>
    inPending(state, conversationId, (pending) => withQueued(pending, send)),
  sending: (state, { conversationId, clientId }) =>
    inPending(state, conversationId, (pending) => withSending(pending, clientId)),
  send_failed: (state, { conversationId, clientId, reason, retryAt }) =>
    inPending(state, conversationId, (pending) =>
      withFailed(pending, clientId, { reason, retryAt }),
    ),
  retried: (state, { conversationId, clientId }) =>
    inPending(state, conversationId, (pending) => withRetry(pending, clientId)),
  discarded: (state, { conversationId, clientId }) =>
    inPending(state, conversationId, (pending) => withoutSend(pending, clientId)),
};

function inPending(
  state: ChatState,
  conversationId: string,
  change: (pending: Pending) => Pending,
): ChatState {
  return inRoom(state, conversationId, (room) => ({ ...room, pending: change(room.pending) }));
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
