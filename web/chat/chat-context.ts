import { createContext, useContext, useSyncExternalStore } from 'react';

import type { ChatModel } from './create-chat.ts';

const ChatContext = createContext<ChatModel | null>(null);

export const ChatProvider = ChatContext.Provider;

export function useChat(): ChatModel {
  const chat = useContext(ChatContext);
  if (chat === null) throw new Error('useChat needs a ChatProvider around it');
  return chat;
}

/** The state of anything that can be watched; draws again when it changes. */
export function useWatched<S>(watched: {
  get: () => S;
  subscribe: (listener: () => void) => () => void;
}): S {
  return useSyncExternalStore(watched.subscribe, watched.get);
}
