import type { Fetched } from './chat-input.ts';
import type { ChatState, Trouble } from './chat-state.ts';
import { inRoom } from './room.ts';

/** An attempt to fetch something failed. What somebody wanted to see beyond is not wanted any more. */
export function withTrouble(
  state: ChatState,
  { fetched, trouble }: { fetched: Fetched; trouble: Trouble },
): ChatState {
  switch (fetched.what) {
    case 'list':
    case 'row':
      return { ...state, inbox: { ...state.inbox, wantsMore: false, trouble } };
    case 'people':
      return { ...state, people: { ...state.people, trouble } };
    case 'messages':
      return inRoom(state, fetched.conversationId, (room) => ({ ...room, wanted: null, trouble }));
    case 'presence':
      return state;
    default:
      fetched satisfies never;
      return state;
  }
}
