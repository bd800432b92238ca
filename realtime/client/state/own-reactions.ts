import type { Message } from '../../contract/index.ts';

/** Who chose what, where an event tells of a choice. */
export interface Choice {
  userId: string;
  emoji: string;
  added: boolean;
}

/**
 * A message of an event, which is the same for everybody, as the user's own answer would have it: with what they chose
 * themselves. The first twenty of each emoji are named; beyond them it is what was known before, and this event.
 */
export function withOwnReactions(
  message: Message,
  { me, held, choice }: { me: string; held: Message | undefined; choice: Choice | null },
): Message {
  if (message.reactions === undefined || message.reactions.length === 0) return message;
  const chosen = new Set(held?.reactions?.filter(({ mine }) => mine).map(({ emoji }) => emoji));
  if (choice?.userId === me) {
    if (choice.added) chosen.add(choice.emoji);
    else chosen.delete(choice.emoji);
  }
  return {
    ...message,
    reactions: message.reactions.map((reaction) => {
      const { emoji, count, userIds } = reaction;
      const named = userIds.includes(me);
      const mine = named || (count > userIds.length && chosen.has(emoji));
      return { ...reaction, mine };
    }),
  };
}
