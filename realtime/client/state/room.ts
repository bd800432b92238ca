import type { Message } from '../../contract/index.ts';
import { emptyRoom } from './chat-state.ts';
import type { ChatState, Room } from './chat-state.ts';
import { withoutArrived } from './pending.ts';
import { withReceipt, withSenders } from './receipts.ts';
import { withPage } from './transcript-pages.ts';
import type { PageFacts } from './transcript-pages.ts';
import { withMessages } from './transcript.ts';

/** Changes one room, which comes to be with its first change. */
export function inRoom(
  state: ChatState,
  conversationId: string,
  change: (room: Room) => Room,
): ChatState {
  const known = state.rooms[conversationId] ?? emptyRoom;
  const room = change(known);
  if (room === known && conversationId in state.rooms) return state;
  return { ...state, rooms: { ...state.rooms, [conversationId]: room } };
}

/** A room with another transcript. What was held of a restored database's past goes with it. */
export function withTranscript(room: Room, transcript: Room['transcript'], me: string): Room {
  if (transcript === room.transcript) return room;
  const before = room.transcript.epoch;
  const restarted = before !== null && transcript.epoch !== before;
  const past = restarted ? { receipts: {}, members: {} } : {};
  const arrived = { messages: transcript.items, me };
  return { ...room, ...past, transcript, pending: withoutArrived(room.pending, arrived) };
}

export function withRoomPage(
  state: ChatState,
  { conversationId, ...facts }: PageFacts & { conversationId: string },
): ChatState {
  if (!(conversationId in state.rooms)) return state;
  const { me, turn } = state;
  return inRoom(state, conversationId, (known) => {
    const transcript = withPage(known.transcript, facts, { me, turn });
    const room = withTranscript(known, transcript, me);
    const { receipts = [] } = facts.page;
    const told =
      transcript.epoch === facts.page.epoch
        ? receipts.reduce(
            (all, { userId, ...pointers }) => withReceipt(all, userId, pointers),
            room.receipts,
          )
        : room.receipts;
    const way = facts.how.way;
    const wanted = room.wanted?.way === way ? null : room.wanted;
    return { ...room, wanted, trouble: null, receipts: withSenders(told, transcript.items) };
  });
}

/** A message as its own answer tells it; in the answer to a send its clientId ends the waiting. */
export function withMessage(state: ChatState, message: Message): ChatState {
  const { me } = state;
  if (!(message.conversationId in state.rooms)) return state;
  return inRoom(state, message.conversationId, (room) => {
    const transcript =
      room.transcript.epoch === null
        ? room.transcript
        : withMessages(room.transcript, [message], { told: true });
    const pending = withoutArrived(room.pending, { messages: [message], me });
    return withTranscript({ ...room, pending }, transcript, me);
  });
}

/** Without those whose word has run out. */
export function expired(state: ChatState, now: number): ChatState {
  return Object.entries(state.rooms).reduce((known, [id, { typing, viewing }]) => {
    const left = { typing: current(typing, now), viewing: current(viewing, now) };
    if (left.typing === typing && left.viewing === viewing) return known;
    return inRoom(known, id, (room) => ({ ...room, ...left }));
  }, state);
}

function current(until: Room['typing'], now: number): Room['typing'] {
  const left = Object.entries(until).filter(([, end]) => end > now);
  return left.length === Object.keys(until).length ? until : Object.fromEntries(left);
}
