import { isPassing, needsOf } from '@rov/realtime/client';
import type { ChatState, Need, Trouble } from '@rov/realtime/client';

/** Why the API gave no answer, as long as what was asked for is still needed: it is asked for again. */
export function standingTrouble(state: ChatState): Trouble | null {
  const troubles = needsOf(state).map((need) => troubleWith(need, state));
  return troubles.find((trouble) => trouble !== null && isPassing(trouble)) ?? null;
}

function troubleWith(need: Need, { inbox, people, rooms }: ChatState): Trouble | null {
  switch (need.what) {
    case 'page':
      return rooms[need.conversationId]?.trouble ?? null;
    case 'people':
      return people.trouble;
    case 'presence':
      return null;
    default:
      return inbox.trouble;
  }
}
