import type { ChatClient } from '@rov/realtime/client';

export type Room = ReturnType<typeof createRoom>;

/** What one does in one conversation, and the draft: it outlives the view, so that going elsewhere loses nothing. */
export function createRoom({
  client,
  conversationId,
}: {
  client: ChatClient;
  conversationId: string;
}) {
  let draft = '';
  return {
    conversationId,
    send: (content: string) => client.send(conversationId, content),
    retry: (clientId: string) => client.retry(conversationId, clientId),
    discard: (clientId: string) => client.discard(conversationId, clientId),
    loadOlder: () => client.loadOlder(conversationId),
    draft: () => draft,
    keepDraft: (text: string) => {
      draft = text;
      if (text === '') client.stopTyping(conversationId);
      else client.typing(conversationId);
    },
  };
}
