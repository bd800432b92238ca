import { useEffect } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import { RealtimeError } from '../client/realtime-error.ts';
import { useRealtime } from './use-realtime.ts';

/**
 * The chat client that the chat hooks share, for what no hook does. It goes on as long as the component is there.
 *
 * @example
 * const client = useChatClient();
 * return <button onClick={() => client.resume()}>Try again</button>;
 */
export function useChatClient(hook = 'useChatClient'): ChatClient {
  const realtime = useRealtime(hook);
  const client = realtime.chat();
  useEffect(() => realtime.holdChat(), [realtime]);
  if (client) return client;
  const message = `${hook} needs a userId at the RealtimeProvider, or a client`;
  throw new RealtimeError(message, { code: 'no_user_id' });
}
