import type { Reaction, ReactionEvent } from '@rov/realtime';

/**
 * Whether what events told of the reactions to one message is what the table came to. `events` in the order of their rows,
 * behind event `behind`; `stored` as the table has them in the end, in any order. Pure.
 */
export function judgeReactions(
  events: readonly Pick<ReactionEvent, 'ev' | 'userId' | 'emoji' | 'added' | 'message'>[],
  { behind, stored }: { behind: number; stored: readonly { emoji: string; userId: string }[] },
): string[] {
  const findings: string[] = [];
  const chosen = new Map<string, Set<string>>();
  for (const [place, { ev, userId, emoji, added, message }] of events.entries()) {
    if (ev !== behind + place + 1) findings.push(`ev ${ev} in place ${behind + place + 1}`);
    const those = chosen.get(emoji) ?? new Set();
    if (added === those.has(userId)) findings.push(`ev ${ev} changed nothing`);
    if (added) those.add(userId);
    else those.delete(userId);
    chosen.set(emoji, those);
    const told = wordsOf(message?.reactions ?? []);
    const is = countsOf(chosen);
    if (told !== is) findings.push(`ev ${ev} told ${told} of ${is}`);
  }
  const inTable = countsOf(
    new Map(
      [...Map.groupBy(stored, ({ emoji }) => emoji)].map(([emoji, rows]) => [
        emoji,
        new Set(rows.map(({ userId }) => userId)),
      ]),
    ),
  );
  const last = wordsOf(events.at(-1)?.message?.reactions ?? []);
  if (last !== inTable) findings.push(`the last event told ${last}, the table has ${inTable}`);
  return findings;
}

const wordsOf = (reactions: readonly Reaction[]): string =>
  reactions
    .map(({ emoji, count }) => `${emoji} ${count}`)
    .toSorted()
    .join(', ');

const countsOf = (chosen: ReadonlyMap<string, ReadonlySet<string>>): string =>
  wordsOf(
    [...chosen]
      .filter(([, { size }]) => size > 0)
      .map(([emoji, { size }]) => ({ emoji, count: size, userIds: [] })),
  );
