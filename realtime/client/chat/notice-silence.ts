import { isBehind } from '../state/transcript.ts';
import type { ChatStore } from './create-store.ts';

/** How long a message that the list already knows of may be on its way before it counts as missed. */
const OVERDUE_MS = 2000;

/**
 * The list hears of messages by the user's own channel. Where the channel of a conversation in view stays silent about
 * one, something was missed of which nothing else tells.
 */
export function createSilenceWatch({ store }: { store: ChatStore }) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function isSilent(conversationId: string): boolean {
    const { rooms, inbox } = store.get();
    const room = rooms[conversationId];
    if (room === undefined || !room.open || room.transcript.hasNewer) return false;
    const { transcript } = room;
    const lastSeq = inbox.rows[conversationId]?.conversation?.lastSeq ?? 0;
    return transcript.epoch !== null && !isBehind(transcript) && transcript.heldTo < lastSeq;
  }

  function ask(conversationId: string) {
    timers.delete(conversationId);
    if (isSilent(conversationId)) store.dispatch({ type: 'lost', conversationId });
  }

  return {
    look: () => {
      for (const conversationId of Object.keys(store.get().rooms)) {
        if (timers.has(conversationId) || !isSilent(conversationId)) continue;
        timers.set(
          conversationId,
          setTimeout(() => ask(conversationId), OVERDUE_MS),
        );
      }
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
