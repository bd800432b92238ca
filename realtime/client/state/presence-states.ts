import type { Presence } from '../../contract/index.ts';
import type { ChatState } from './chat-state.ts';
import { doubtAfter } from './without.ts';

/** States of presence as events (`asked` null) or an answer told them: the higher version of each user holds. */
export function withPresence(
  state: ChatState,
  items: readonly Presence[],
  asked: number | null,
): ChatState {
  const newer = items.filter(({ userId, version }) => {
    const known = state.presence[userId];
    return known === undefined || version > known.version;
  });
  const doubt = asked === null ? state.presenceDoubt : doubtAfter(state.presenceDoubt, asked);
  if (newer.length === 0) return { ...state, presenceDoubt: doubt };
  const fresh = Object.fromEntries(newer.map((item) => [item.userId, item]));
  return { ...state, presence: { ...state.presence, ...fresh }, presenceDoubt: doubt };
}
