import type { MemberRole, Message } from '../../contract/primitives.ts';
import type { HeardEvent } from './chat-input.ts';
import type { ChatState, Room } from './chat-state.ts';
import { withReceipt, withSenders } from './receipts.ts';
import { inRoom, withTranscript } from './room.ts';
import { startOver, withDoubt, withEvent } from './transcript.ts';
import type { TranscriptEvent } from './transcript.ts';
import { without } from './without.ts';

type Known = HeardEvent & TranscriptEvent & Partial<Told>;

/** Fields of events of a conversation's channel, as the contract has them. */
interface Told {
  message: Message;
  userId: string;
  role: MemberRole;
  state: 'start' | 'stop';
  expiresInMs: number;
  lastReadSeq: number;
  lastDeliveredSeq: number;
}

/** An event of `conversation:{id}`. */
export function withChannelEvent(
  state: ChatState,
  conversationId: string,
  { event, now }: { event: HeardEvent; now: number },
): ChatState {
  if (!(conversationId in state.rooms)) return state;
  return inRoom(state, conversationId, (room) => {
    const { me, turn } = state;
    if (!isKnown(event)) return room;
    if (typeof event.ev !== 'number') return withPassing(room, event, { me, now, turn });
    const transcript = withEvent(room.transcript, event, { me, turn });
    return withNews(withTranscript(room, transcript, me), event);
  });
}

/** The server tests what it publishes against the contract, and zod stays out of the bundle. */
function isKnown(event: HeardEvent): event is Known {
  return typeof event.type === 'string';
}

/** What a numbered event says besides the transcript. */
function withNews(room: Room, event: Known): Room {
  const { type, message, userId, role, ev } = event;
  if (message !== undefined && type === 'message') {
    const typing = without(room.typing, message.senderId);
    const receipts = withSenders(room.receipts, [message]);
    const same = typing === room.typing && receipts === room.receipts;
    return same ? room : { ...room, typing, receipts };
  }
  if (userId === undefined) return room;
  const newer = ev > (room.members[userId]?.ev ?? -1);
  switch (type) {
    case 'member_left': {
      const members = newer ? { ...room.members, [userId]: { ev, role: null } } : room.members;
      return newer ? { ...withoutUser(room, userId), members } : room;
    }
    case 'member_joined':
    case 'member_updated':
      if (!newer || role === undefined) return room;
      return { ...room, members: { ...room.members, [userId]: { ev, role } } };
    default:
      return room;
  }
}

function withoutUser(room: Room, userId: string): Room {
  return {
    ...room,
    typing: without(room.typing, userId),
    viewing: without(room.viewing, userId),
    receipts: without(room.receipts, userId),
  };
}

/** Events without a number: receipts, and what holds for some seconds only. */
function withPassing(
  room: Room,
  event: Known,
  { me, now, turn }: { me: string; now: number; turn: number },
): Room {
  const { type, userId } = event;
  if (userId === undefined || userId === me) return room;
  switch (type) {
    case 'typing':
    case 'viewing': {
      const { state, expiresInMs = 0 } = event;
      const others = without(room[type], userId);
      if (state === 'start') return { ...room, [type]: { ...others, [userId]: now + expiresInMs } };
      return others === room[type] ? room : { ...room, [type]: others };
    }
    case 'read':
    case 'delivered':
      return withReceiptEvent(room, event, turn);
    default:
      return room;
  }
}

function withReceiptEvent(room: Room, event: Known, turn: number): Room {
  const { userId, epoch, lastReadSeq, lastDeliveredSeq } = event;
  const held = room.transcript.epoch;
  if (userId === undefined) return room;
  // The first page may be older than this, and what it belongs to is not known yet.
  if (held === null) return { ...room, transcript: withDoubt(room.transcript, turn) };
  if (epoch !== held) {
    return { ...room, receipts: {}, members: {}, transcript: startOver(turn) };
  }
  // Whoever left has no pointer that anybody is told of.
  if (room.members[userId]?.role === null) return room;
  const pointers = {
    ...(lastReadSeq === undefined ? {} : { lastReadSeq }),
    ...(lastDeliveredSeq === undefined ? {} : { lastDeliveredSeq }),
  };
  const receipts = withReceipt(room.receipts, userId, pointers);
  return receipts === room.receipts ? room : { ...room, receipts };
}

/** The same of `chat:{userId}`, where the other one of a direct conversation tells it. */
export function withPeerReceipt(state: ChatState, event: HeardEvent): ChatState {
  const { conversationId } = event;
  if (typeof conversationId !== 'string' || !(conversationId in state.rooms)) return state;
  return withChannelEvent(state, conversationId, { event, now: 0 });
}
