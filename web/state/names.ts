import type { Profile } from '@rov/realtime';
import { conversationOf, roomOf } from '@rov/realtime/client';
import type { ChatState } from '@rov/realtime/client';

type Knowing = Pick<ChatState, 'inbox' | 'people' | 'rooms'>;
type Whom = { conversationId: string; userId: string };

/** Somebody from wherever they are known: the members that the list tells, people, those who spoke. */
export function profileIn(state: Knowing, { conversationId, userId }: Whom): Profile | undefined {
  return (
    conversationOf(state, conversationId)?.members.find(({ id }) => id === userId) ??
    state.people.items.find(({ profile }) => profile.id === userId)?.profile ??
    roomOf(state, conversationId).transcript.items.findLast(({ senderId }) => senderId === userId)
      ?.sender
  );
}

/** Null for a stranger. */
export function nameIn(state: Knowing, whom: Whom): string | null {
  return profileIn(state, whom)?.name ?? null;
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
