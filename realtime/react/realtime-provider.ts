import { createElement, useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';

import type { ChatClient, ChatClientOptions } from '../client/chat/chat-client.ts';
import type { PendingStorage } from '../client/chat/keep-pending.ts';
import type { RealtimeApiOptions } from '../client/realtime-api.ts';
import { createRealtime, RealtimeContext, realtimeOf } from './realtime.ts';
import { useLatest } from './use-latest.ts';

export interface RealtimeProviderProps {
  /** Where the API is and who asks. May be a new object in each render. */
  api?: RealtimeApiOptions | undefined;
  /** Who is signed in, for the chat hooks. Another one gets a connection and a chat client of their own. */
  userId?: string | undefined;
  /** Instead of all else: a chat client that the app makes, starts and stops. */
  client?: ChatClient | undefined;
  /** Centrifugo's WebSocket; else `NEXT_PUBLIC_CENTRIFUGO_URL`, else what the token's answer says. */
  url?: string | undefined;
  /** Where sends that are not confirmed outlive the page. Taken with the `userId`. */
  storage?: PendingStorage | undefined;
  /** Whether others are told that the user is here, writes, or looks on. Default all of it. Taken with the `userId`. */
  tells?: ChatClientOptions['tells'];
  /** What a listener threw, and what failed and is tried again. Default `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
  children?: ReactNode;
}

/**
 * Gives the hooks below it one connection and its tokens, and the chat hooks one chat client: it is started for the
 * first of them and stopped a little after the last.
 *
 * @example
 * <RealtimeProvider api={{ baseUrl: '', getAuth: () => accessToken }} userId={user.id}>
 *   <ChatDrawer />
 * </RealtimeProvider>
 */
export function RealtimeProvider(props: RealtimeProviderProps): ReactElement {
  const latest = useLatest(props);
  const { client, userId, storage, tells } = props;
  const realtime = useMemo(
    () =>
      client
        ? realtimeOf(client)
        : createRealtime({ userId, storage, tells, current: () => latest.current }),
    // A user keeps the client that they have.
    // oxlint-disable-next-line react/memo-dependencies, react-hooks/exhaustive-deps -- see above
    [latest, userId, client],
  );
  // React 18 knows no context as a component.
  return createElement(RealtimeContext.Provider, { value: realtime }, props.children);
}
