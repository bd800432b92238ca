import type { ChatClient } from '@rov/realtime/client';

import { nameIn } from '../state/names.ts';
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
    /** The user's id. */
    me: client.getState().me,
    send: (content: string) => client.send(conversationId, content),
    retry: (clientId: string) => client.retry(conversationId, clientId),
    discard: (clientId: string) => client.discard(conversationId, clientId),
    loadNewer: () => client.loadNewer(conversationId),
    loadAround: (seq: number) => client.loadAround(conversationId, seq),
    loadOlder: () => client.loadOlder(conversationId),
    edit: client.edit,
    remove: client.remove,
    react: client.react,
    receiptsOf: client.receiptsOf,
    markUnread: (seq: number) => client.markUnread(conversationId, seq),
    /** What somebody is called, as far as this window has heard of them. */
    nameOf: (userId: string) => nameIn(client.getState(), { conversationId, userId }),
    draft: () => kept.draft(conversationId),
    keepDraft: (text: string) => {
      kept.keepDraft(conversationId, text);
      if (text === '') client.stopTyping(conversationId);
      else client.typing(conversationId);
    },
  };
}
