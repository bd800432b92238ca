import { useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { createCell } from '../client/cell.ts';
import type { ChannelState } from '../client/channel.ts';
import { createConnection } from '../client/connection.ts';
import { createConnections, type Connections, type Lease } from '../client/connections.ts';
import { RealtimeError, type RealtimeErrorCode } from '../client/realtime-error.ts';
import type { Session } from '../client/session.ts';
import { tokenClaims } from '../client/token-claims.ts';
import type { ChatChannel, ConversationChannel } from '../contract/channels.ts';
import type { ChatChannelEvent, ConversationChannelEvent } from '../contract/events.ts';
import { builtInUrl, FALLBACK_URL } from './default-url.ts';
import { SessionContext } from './realtime-provider.ts';
import { useLatest } from './use-latest.ts';

export interface UseCentrifugoOptions {
  /** Centrifugo's WebSocket; else `NEXT_PUBLIC_CENTRIFUGO_URL`, else what the provider's token answer says. */
  url?: string | undefined;
  /**
   * A connection token. Given as undefined, the hook waits for it; left out, `getToken` or the provider
   * gives one. A new one for the same user is used at the next renewal and does not drop the socket.
   */
  token?: string | undefined;
  /** Gives connection tokens. Throw `UnauthorizedError` to end the connection. */
  getToken?: (() => Promise<string>) | undefined;
  /** Gives the token of a channel. Throw `UnauthorizedError` to end the subscription. */
  getSubscriptionToken?: ((channel: string) => Promise<string>) | undefined;
  /**
   * Messages were missed for good: load again. Below a provider its promise is awaited before messages
   * go on, and a rejected one is called again. Not called for the first subscription: load at `subscribed`.
   */
  onLoss?: (() => void | Promise<void>) | undefined;
}

export type UseCentrifugoResult = ChannelState;

/** What comes on a channel of this name. */
export type EventOn<Name extends string> = Name extends ConversationChannel
  ? ConversationChannelEvent
  : Name extends ChatChannel
    ? ChatChannelEvent
    : ConversationChannelEvent | ChatChannelEvent;

const WAITING: ChannelState = { status: 'waiting', error: null };

/**
 * Listens to one channel as long as the component is there. Components share one socket and one
 * subscription per channel; `onMessage` may be a new function in each render. An event with an `eventId`
 * comes once, also when Centrifugo repeats it.
 *
 * @param channelName undefined waits
 *
 * @example
 * const { status } = useCentrifugo({ url, token }, `conversation:${id}`, (event) => {
 *   if (event.type === 'message') add(event.message);
 * });
 */
export function useCentrifugo<const Name extends string>(
  options: UseCentrifugoOptions,
  channelName: Name | null | undefined,
  onMessage: (event: EventOn<Name>) => void,
): UseCentrifugoResult {
  const session = useContext(SessionContext);
  const latest = useLatest({ options, onMessage });
  const lease = useRef<Lease | null>(null);
  const [state] = useState(() => createCell(WAITING));
  const { key, refusal } = plan(options, session);
  const channel = channelName || undefined;

  useEffect(() => {
    if (channel === undefined || key === undefined) return;
    if (refusal) {
      state.set({
        status: 'error',
        error: new RealtimeError(EXPLANATIONS[refusal], { code: refusal }),
      });
      return () => state.set(WAITING);
    }
    const current = () => latest.current.options;
    const held = acquire(key, { session, current });
    lease.current = held;
    const stop = held.connection.subscribe(channel, {
      // The contract says what a channel carries, and only the worker publishes there.
      onMessage: (data) => latest.current.onMessage(data as EventOn<Name>),
      onState: state.set,
      onLoss: () => current().onLoss?.(),
      getSubscriptionToken: (name) => {
        const own = current().getSubscriptionToken;
        if (own) return own(name);
        if (session) return session.subscriptionToken(name);
        throw new RealtimeError(EXPLANATIONS.no_subscription_token_source, {
          code: 'no_subscription_token_source',
        });
      },
    });
    return () => {
      stop();
      held.release();
      lease.current = null;
      state.set(WAITING);
    };
  }, [channel, key, refusal, session, latest, state]);

  const { token } = options;
  useEffect(() => {
    if (token !== undefined) lease.current?.connection.offerToken(token);
  }, [token]);

  return useSyncExternalStore(state.watch, state.get, () => WAITING);
}

const EXPLANATIONS = {
  no_token_source: 'useCentrifugo needs token or getToken where no RealtimeProvider is around it',
  no_subscription_token_source:
    'useCentrifugo needs getSubscriptionToken where no RealtimeProvider is around it',
} as const satisfies Partial<Record<RealtimeErrorCode, string>>;

interface Plan {
  /** Which connection, undefined to wait. Hooks with the same key share one. */
  key?: string;
  refusal?: keyof typeof EXPLANATIONS;
}

function plan(options: UseCentrifugoOptions, session: Session | null): Plan {
  if ('token' in options && options.token === undefined) return {};
  const url = options.url ?? '';
  if (session && !options.getToken) return { key: `${url} session` };
  if (!options.getToken && options.token === undefined)
    return { key: url, refusal: 'no_token_source' };
  if (!session && !options.getSubscriptionToken)
    return { key: url, refusal: 'no_subscription_token_source' };
  // The user is part of the key, the token is not: a renewed token must not drop the socket.
  const user = options.token === undefined ? '' : tokenClaims(options.token).userId;
  return { key: `${url} ${user} ${options.getToken ? 'fetched' : 'given'}` };
}

interface Sources {
  session: Session | null;
  current: () => UseCentrifugoOptions;
}

function acquire(key: string, { session, current }: Sources): Lease {
  const { url, token, getToken } = current();
  if (session && !getToken) return session.acquire({ url, token });
  return connectionsOfPage().acquire(key, () =>
    createConnection({
      address: () => url ?? builtInUrl() ?? FALLBACK_URL,
      token,
      getToken: getToken && (async () => (current().getToken ?? getToken)()),
      getPosition: session?.api.position,
      report: session?.report ?? console.error,
    }),
  );
}

let ofPage: Connections | undefined;

/** Hooks outside a provider have nothing but the page in common. */
function connectionsOfPage(): Connections {
  return (ofPage ??= createConnections());
}
