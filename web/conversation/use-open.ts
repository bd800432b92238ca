import { useEffect } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useVisible } from '../chat/use-page.ts';

/** Listens to a conversation as long as its view is there. The others are told that one looks at it while one can. */
export function useOpen(conversationId: string) {
  const { client } = useChat();
  const visible = useVisible();
  useEffect(() => client.open(conversationId, { silently: true }), [client, conversationId]);
  useEffect(
    () => (visible ? client.open(conversationId) : undefined),
    [client, conversationId, visible],
  );
}
