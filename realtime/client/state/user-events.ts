import type { ChatChannelEvent } from '../../contract/index.ts';
import { withPeerReceipt } from './channel-events.ts';
import type { HeardEvent } from './chat-input.ts';
import type { ChatState } from './chat-state.ts';
import { withInboxEvent, withOwnReadEvent } from './inbox.ts';
import { withPresence } from './presence-states.ts';
import { without } from './without.ts';

const TYPES: ReadonlySet<string> = new Set<ChatChannelEvent['type']>([
  ...(['new_message', 'presence', 'presence_resync', 'read', 'delivered'] as const),
  ...(['conversation_added', 'conversation_updated', 'conversation_removed', 'resync'] as const),
]);

/** An event of `chat:{userId}`. */
export function withUserEvent(state: ChatState, heard: HeardEvent): ChatState {
  if (!isChatEvent(heard)) return state;
  const event: ChatChannelEvent = heard;
  switch (event.type) {
    case 'presence':
      return withPresence(state, [presenceIn(event)], null);
    case 'presence_resync':
      return { ...state, presenceDoubt: state.turn };
    case 'read':
      return event.userId === state.me
        ? withOwnReadEvent(state, event)
        : withPeerReceipt(state, heard);
    case 'delivered':
      return event.userId === state.me ? state : withPeerReceipt(state, heard);
    case 'conversation_removed':
      return withRemoval(withInboxEvent(state, event), event);
    case 'new_message':
    case 'conversation_added':
    case 'conversation_updated':
    case 'resync':
      return withInboxEvent(state, event);
    default:
      event satisfies never;
      return state;
  }
}

/** Newer servers may say more; what they say of these types is what the contract says. */
function isChatEvent(event: HeardEvent): event is HeardEvent & ChatChannelEvent {
  return TYPES.has(event.type);
}

function presenceIn({
  userId,
  status,
  lastSeenAt,
  version,
}: Extract<ChatChannelEvent, { type: 'presence' }>) {
  return { userId, status, lastSeenAt, version };
}

/** Whoever was removed keeps nothing; coming back, they see what they may see then. */
function withRemoval(state: ChatState, { conversationId }: { conversationId: string }): ChatState {
  const row = state.inbox.rows[conversationId];
  const gone = row === undefined || row.conversation === null;
  return gone ? { ...state, rooms: without(state.rooms, conversationId) } : state;
}
