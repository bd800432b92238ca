import { createConnection } from '../client/connection.ts';
import { createConnections } from '../client/connections.ts';
import type { Connections, Lease } from '../client/connections.ts';
import { RealtimeError } from '../client/realtime-error.ts';
import type { Session } from '../client/session.ts';
import { tokenClaims } from '../client/token-claims.ts';
import { builtInUrl, FALLBACK_URL } from './default-url.ts';
import { reportToConsole } from './report-to-console.ts';
import type { UseCentrifugoOptions } from './use-centrifugo-options.ts';

/** Which connection a hook needs: none yet, none that it can have, or the one with this key. */
export type ConnectionPlan =
  | { wait: true }
  | { refusal: 'no_token_source' | 'no_subscription_token_source' }
  | { key: string };

/** Hooks with the same key share a connection. */
export function planConnection(
  options: UseCentrifugoOptions,
  session: Session | null,
): ConnectionPlan {
  if ('token' in options && options.token === undefined) return { wait: true };
  const url = options.url ?? '';
  if (session && !options.getToken) return { key: `${url} session` };
  if (!options.getToken && options.token === undefined) return { refusal: 'no_token_source' };
  if (!session && !options.getSubscriptionToken) return { refusal: 'no_subscription_token_source' };
  // The user is part of the key, the token is not: a renewed token must not drop the socket.
  const user = options.token === undefined ? '' : tokenClaims(options.token).userId;
  return { key: `${url} ${user ?? ''} ${options.getToken ? 'fetched' : 'given'}` };
}

const NEEDS = {
  no_token_source: 'token or getToken',
  no_subscription_token_source: 'getSubscriptionToken',
} as const;

export function refusalError(code: keyof typeof NEEDS): RealtimeError {
  return new RealtimeError(
    `useCentrifugo needs ${NEEDS[code]} where no RealtimeProvider is around it`,
    { code },
  );
}

interface Sources {
  session: Session | null;
  /** The options of the last render. */
  current: () => UseCentrifugoOptions;
}

export function acquireConnection(key: string, { session, current }: Sources): Lease {
  const { url, token, getToken } = current();
  if (session && !getToken) return session.acquire({ url, token });
  return connectionsOfPage().acquire(key, () =>
    createConnection({
      address: () => url ?? builtInUrl() ?? FALLBACK_URL,
      token,
      getToken: getToken && (async () => await (current().getToken ?? getToken)()),
      getPosition: session?.api.position,
      report: session?.report ?? reportToConsole,
    }),
  );
}

let ofPage: Connections | undefined;

/** Hooks outside a provider have nothing but the page in common. */
function connectionsOfPage(): Connections {
  return (ofPage ??= createConnections());
}
