import { useMemo } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import type { ChatState, Wanted } from '../client/state/chat-state.ts';
import type { Written } from '../client/state/pending.ts';
import { roomOf } from '../client/state/selectors.ts';
import type { Message } from '../contract/index.ts';
import { conversationGiven } from './conversation-given.ts';
import { createEntries } from './entries.ts';
import type { Entry } from './entries.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useRoom } from './use-room.ts';

export interface MessageActions {
  /** Shows it at once, sends it in its turn and repeats it under one id. Returns that `clientId`. */
  send: (
    content: string,
    more?: Partial<Pick<Written, 'type' | 'metadata' | 'replyToId'>>,
  ) => string;
  /** Sends again what failed, now. */
  retry: (clientId: string) => void;
  /** Takes back what is not sent. */
  discard: (clientId: string) => void;
  /** Rejects where somebody else was faster (412), or the message is gone (410). */
  edit: (message: Message, content: string) => Promise<Message>;
  /** Leaves a tombstone in its place. */
  remove: (message: Message) => Promise<Message>;
  /** Chooses an emoji, or takes it back. */
  react: (message: Message, emoji: string, chosen?: boolean) => Promise<Message>;
  loadOlder: () => void;
  loadNewer: () => void;
  /** Shows the message of this number and its neighbours instead. */
  loadAround: (seq: number) => void;
}

export interface UseMessagesResult extends Loading, MessageActions {
  /** In the order of the conversation, then what is to be sent. */
  data: readonly Entry[];
  hasOlder: boolean;
  /** The conversation goes on below: its middle is shown. */
  hasNewer: boolean;
  /** The page that is on its way. */
  loadingPage: Wanted['way'] | null;
}

/**
 * The messages of a conversation and one's own sends, kept true as long as the component is there.
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { data, send } = useMessages(id);
 * return data.map((entry) => (
 *   <p key={entry.key}>{entry.kind === 'message' ? entry.message.content : `${entry.send.content} …`}</p>
 * ));
 */
export function useMessages(conversationId: string | undefined): UseMessagesResult {
  const client = useChatClient('useMessages');
  const { status, error } = useRoom(client, conversationId);
  const lines = useKnown(client, linesOf, conversationId);
  const page = useKnown(client, pageOf, conversationId);
  const entries = useMemo(() => createEntries(client.getState().me), [client]);
  const data = useMemo(() => entries(lines), [entries, lines]);
  const actions = useMemo(() => actionsOf(client, conversationId), [client, conversationId]);
  return { data, status, error, ...page, ...actions };
}

function linesOf(state: ChatState, conversationId: string) {
  const { transcript, pending } = roomOf(state, conversationId);
  return { items: transcript.items, pending };
}

function pageOf(state: ChatState, conversationId: string) {
  const { transcript, wanted } = roomOf(state, conversationId);
  const { hasOlder, hasNewer } = transcript;
  return { hasOlder, hasNewer, loadingPage: wanted?.way ?? null };
}

function actionsOf(client: ChatClient, conversationId: string | undefined): MessageActions {
  const here = () => conversationGiven(conversationId, 'useMessages');
  return {
    send: (content, more) => client.send(here(), content, more),
    retry: (clientId) => client.retry(here(), clientId),
    discard: (clientId) => client.discard(here(), clientId),
    edit: client.edit,
    remove: client.remove,
    react: (message, emoji, chosen = true) => client.react(message, emoji, chosen),
    loadOlder: () => client.loadOlder(here()),
    loadNewer: () => client.loadNewer(here()),
    loadAround: (seq) => client.loadAround(here(), seq),
  };
}
