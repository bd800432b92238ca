import { conversationOf, roomOf } from '@rov/realtime/client';
import type { ChatState } from '@rov/realtime/client';

/** Is another text whenever who is in a conversation may have changed: a list read before may be old then. */
export function membershipMark(state: ChatState, conversationId: string): string {
  const conversation = conversationOf(state, conversationId);
  const { items } = roomOf(state, conversationId).transcript;
  const note = items.findLast(({ type }) => type === 'system');
  return `${conversation?.memberCount} ${conversation?.role} ${note?.seq}`;
}
