import { createContext, createElement, useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';

import type { RealtimeApiOptions } from '../client/realtime-api.ts';
import { createSession } from '../client/session.ts';
import type { Session } from '../client/session.ts';
import { builtInUrl, FALLBACK_URL } from './default-url.ts';
import { reportToConsole } from './report-to-console.ts';
import { useLatest } from './use-latest.ts';

export const SessionContext = createContext<Session | null>(null);

export interface RealtimeProviderProps {
  /** Where the API is and who asks. May be a new object in each render. */
  api?: RealtimeApiOptions | undefined;
  /** Instead of all else: the session of a chat client, so that both share one connection. */
  session?: Session | undefined;
  /** Centrifugo's WebSocket; else `NEXT_PUBLIC_CENTRIFUGO_URL`, else what the token's answer says. */
  url?: string | undefined;
  /** Who is signed in. Another one gets a connection of their own. */
  userId?: string | undefined;
  /** What a listener threw, and what failed and is tried again. Default `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
  children?: ReactNode;
}

const HERE: RealtimeApiOptions = { baseUrl: '', getAuth: () => null };

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
      props.session ??
      createSession({
        api: () => latest.current.api ?? HERE,
        url: () => latest.current.url ?? builtInUrl(),
        fallbackUrl: FALLBACK_URL,
        report: (error) => (latest.current.onError ?? reportToConsole)(error),
      }),
    // A session belongs to one user: `userId` is no input of it, but its identity.
    // oxlint-disable-next-line react/memo-dependencies, react-hooks/exhaustive-deps -- see above
    [latest, props.userId, props.session],
  );
  return createElement(SessionContext, { value: session }, props.children);
}
