import type { Case, MessageState } from './testimony.ts';

/**
 * Whether what pages show in the end of each message is as Postgres has it: its words, whether it was deleted, and the
 * reactions to it. A message that is not shown at all is somebody else's finding.
 */
export function judgeStates({ pages, truth }: Pick<Case, 'pages' | 'truth'>): string[] {
  return pages.flatMap(({ name, conversations, states }) =>
    truth.messages
      .filter(({ conversationId }) => conversations.includes(conversationId))
      .flatMap(({ id, conversationId, clientId, ...is }) => {
        const shown = states(conversationId).get(id);
        if (shown === undefined || wordsOf(shown) === wordsOf(is)) return [];
        return [
          `${name}: ${clientId} in ${conversationId} as of ev ${shown.ev} instead of ${is.ev}`,
        ];
      }),
  );
}

function wordsOf({ ev, content, reactions = [] }: MessageState): string {
  const counts = reactions.map(({ emoji, count }) => `${emoji} ${count}`).toSorted();
  return JSON.stringify([ev, content, counts]);
}
