import { createContext, createElement, useMemo, type ReactElement, type ReactNode } from 'react';

import type { RealtimeApiOptions } from '../client/realtime-api.ts';
import { createSession, type Session } from '../client/session.ts';
import { builtInUrl, FALLBACK_URL } from './default-url.ts';
import { useLatest } from './use-latest.ts';

export const SessionContext = createContext<Session | null>(null);

export interface RealtimeProviderProps {
  /** Where the API is and who asks. May be a new object in each render. */
  api: RealtimeApiOptions;
  /** Centrifugo's WebSocket; else `NEXT_PUBLIC_CENTRIFUGO_URL`, else what the token's answer says. */
  url?: string | undefined;
  /** Who is signed in. Another one gets a connection of their own. */
  userId?: string | undefined;
  /** What a listener threw, and what failed and is tried again. Default `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
  children?: ReactNode;
}

/**
 * Gives the hooks below it one connection and its tokens.
 *
 * @example
 * <RealtimeProvider api={{ baseUrl: '', getAuth: () => accessToken }} userId={user.id}>
 *   <ChatDrawer />
 * </RealtimeProvider>
 */
export function RealtimeProvider(props: RealtimeProviderProps): ReactElement {
  const latest = useLatest(props);
  const session = useMemo(
    () =>
      createSession({
        api: () => latest.current.api,
        url: () => latest.current.url ?? builtInUrl(),
        fallbackUrl: FALLBACK_URL,
        report: (error) => (latest.current.onError ?? console.error)(error),
      }),
    // A session belongs to one user: `userId` is no input of it, but its identity.
    [latest, props.userId],
  );
  return createElement(SessionContext, { value: session }, props.children);
}
