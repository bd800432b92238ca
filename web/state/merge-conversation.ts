import type { Conversation } from '@rov/realtime';

import { unreadAt } from './unread-at.ts';

/**
 * Of two states of a conversation the one with the higher event number. What was read carries no such
 * number: there the further pointer wins, whichever state it came with.
 */
export function mergeConversation(
  known: Conversation | undefined,
  fresh: Conversation,
): Conversation {
  if (known === undefined || known.epoch !== fresh.epoch) return fresh;
  const [newer, older] = fresh.ev >= known.ev ? [fresh, known] : [known, fresh];
  if (older.lastReadSeq <= newer.lastReadSeq) return newer;
  return { ...newer, ...unreadAt(newer, older) };
}

export function byRecency(a: Conversation, b: Conversation): number {
  const order = lastActivity(b).localeCompare(lastActivity(a));
  return order === 0 ? b.id.localeCompare(a.id) : order;
}

function lastActivity({ lastMessage, createdAt }: Conversation): string {
  return lastMessage?.createdAt ?? createdAt;
}
