import { conversationOf, roomOf } from '@rov/realtime/client';
import type { ChatState } from '@rov/realtime/client';

/** A name from wherever one is known: the members that the list tells, people, those who spoke. Null for a stranger. */
export function nameIn(
  state: Pick<ChatState, 'inbox' | 'people' | 'rooms'>,
  { conversationId, userId }: { conversationId: string; userId: string },
): string | null {
  const member = conversationOf(state, conversationId)?.members.find(({ id }) => id === userId);
  const known =
    member ??
    state.people.items.find(({ profile }) => profile.id === userId)?.profile ??
    roomOf(state, conversationId).transcript.items.findLast(({ senderId }) => senderId === userId)
      ?.sender;
  return known?.name ?? null;
}

/** "Ann", "Ann and Ben", "Ann, Ben and 3 others"; those without a name are others. */
export function nameList(names: readonly (string | null)[], count = names.length): string {
  const known = names.filter((name) => name !== null);
  const others = count - known.length;
  if (known.length === 0) return others === 1 ? 'Somebody' : `${others} people`;
  const end = others === 0 ? known.at(-1) : others === 1 ? '1 other' : `${others} others`;
  const before = others === 0 ? known.slice(0, -1) : known;
  return before.length === 0 ? `${end}` : `${before.join(', ')} and ${end}`;
}
