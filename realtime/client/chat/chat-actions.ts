import type { Conversation, Message } from '../../contract/index.ts';
import type { Written } from '../state/pending.ts';
import { conversationOf } from '../state/selectors.ts';
import type { ChatApi, Page } from './chat-api.ts';
import type { ChatStore } from './create-store.ts';
import { createLoads } from './loads.ts';
import { createMemberActions } from './member-actions.ts';
import { newClientId } from './new-client-id.ts';
import type { createSender } from './send-in-order.ts';
import type { createTypingReports } from './tell-typing.ts';

interface Context {
  api: ChatApi;
  store: ChatStore;
  sender: ReturnType<typeof createSender>;
  typing: ReturnType<typeof createTypingReports> | null;
}

export type ChatActions = ReturnType<typeof createActions>;

/** What a user does. What needs an answer rejects with an `ApiProblem`; a send waits for its turn instead. */
export function createActions({ api, store, sender, typing }: Context) {
  const loads = createLoads({ store });

  async function told(request: Promise<Conversation>): Promise<Conversation> {
    const asked = store.get().turn;
    const row = await request;
    store.dispatch({ type: 'row', conversationId: row.id, row, asked });
    return row;
  }

  async function changed(request: Promise<Message>): Promise<Message> {
    const message = await request;
    store.dispatch({ type: 'message', message });
    return message;
  }

  /** Shows it at once and sends it in its turn. Returns its client id. */
  function send(
    conversationId: string,
    content: string,
    more: Partial<Pick<Written, 'type' | 'metadata' | 'replyToId'>> = {},
  ): string {
    const clientId = newClientId();
    const written = { clientId, content, ...more, writtenAt: Date.now() };
    store.dispatch({ type: 'written', conversationId, send: written });
    typing?.stopped(conversationId, { silently: true });
    // Whoever writes while they look at the middle wants to see the end.
    const inMiddle = store.get().rooms[conversationId]?.transcript.hasNewer ?? false;
    const seq = conversationOf(store.get(), conversationId)?.lastSeq ?? 0;
    if (inMiddle && seq > 0) loads.loadAround(conversationId, seq);
    sender.wake(conversationId);
    return clientId;
  }

  function again(type: 'retried' | 'discarded', conversationId: string, clientId: string) {
    store.dispatch({ type, conversationId, clientId });
    sender.wake(conversationId);
  }

  return {
    send,
    retry: (conversationId: string, clientId: string) => again('retried', conversationId, clientId),
    discard: (conversationId: string, clientId: string) =>
      again('discarded', conversationId, clientId),
    edit: (message: Message, content: string) => changed(api.edit(message, content)),
    remove: (message: Message) => changed(api.remove(message)),
    react: (message: Message, emoji: string, chosen: boolean) =>
      changed(api.react(message, emoji, chosen)),
    /** Who has a message, asked for: what is told by itself ends at a hundred members. */
    receiptsOf: (message: Message, page: Page = {}) => api.receipts(message, page),
    openDirect: (userId: string) => told(api.openDirect(userId)),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      told(api.createGroup(group)),
    ...createMemberActions({ api, store }),
    /** Marks as unread from this message on; null takes that back. */
    markUnread: (conversationId: string, unreadFromSeq: number | null) =>
      told(api.markUnread(conversationId, unreadFromSeq)),
    ...loads,
    /** For each key: others hear of it at most every three seconds. */
    typing: (conversationId: string) => typing?.typing(conversationId),
    stopTyping: (conversationId: string) => typing?.stopped(conversationId, { silently: false }),
  };
}
