import { useSyncExternalStore } from 'react';

const PREFIX = '#/c/';

/** The conversation that the address names; null for the list. The browser's Back closes it. */
export function useOpenConversation(): string | null {
  return useSyncExternalStore(watchHash, () => conversationIn(location.hash));
}

export function openConversation(conversationId: string): void {
  location.hash = conversationLink(conversationId);
}

export function closeConversation(): void {
  location.hash = '#/';
}

export function conversationLink(conversationId: string): string {
  return PREFIX + encodeURIComponent(conversationId);
}

function conversationIn(hash: string): string | null {
  if (!hash.startsWith(PREFIX)) return null;
  const id = hash.slice(PREFIX.length);
  return id === '' ? null : decodeURIComponent(id);
}

function watchHash(listener: () => void) {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
