import type { ChatState, ConnectionStatus } from '@rov/realtime/client';
import { createContext, useContext, useSyncExternalStore } from 'react';

import type { ChatModel } from './create-chat.ts';

const ChatContext = createContext<ChatModel | null>(null);

export const ChatProvider = ChatContext.Provider;

export function useChat(): ChatModel {
  const chat = useContext(ChatContext);
  if (chat === null) throw new Error('useChat needs a ChatProvider around it');
  return chat;
}

/** A part of what the client knows, which is the same as long as nothing in it changed. */
export function useWatched<Part>(part: (state: ChatState) => Part): Part {
  const { client } = useChat();
  return useSyncExternalStore(client.subscribe, () => part(client.getState()));
}

/** How news comes. */
export function useConnection(): ConnectionStatus {
  const { connection } = useChat().client;
  return useSyncExternalStore(connection.watch, connection.get);
}
