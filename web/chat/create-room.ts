import type { ChatClient } from '@rov/realtime/client';

import type { Kept } from './kept.ts';

export type Room = ReturnType<typeof createRoom>;

/** What one does in one conversation, and its draft. */
export function createRoom({
  client,
  kept,
  conversationId,
}: {
  client: ChatClient;
  kept: Kept;
  conversationId: string;
}) {
  return {
    conversationId,
    send: (content: string) => client.send(conversationId, content),
    retry: (clientId: string) => client.retry(conversationId, clientId),
    discard: (clientId: string) => client.discard(conversationId, clientId),
    loadOlder: () => client.loadOlder(conversationId),
    draft: () => kept.draft(conversationId),
    keepDraft: (text: string) => {
      kept.keepDraft(conversationId, text);
      if (text === '') client.stopTyping(conversationId);
      else client.typing(conversationId);
    },
  };
}
