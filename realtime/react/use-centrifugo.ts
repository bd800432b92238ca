import { useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import { createCell } from '../client/cell.ts';
import type { ChannelState } from '../client/channel-state.ts';
import type { Lease } from '../client/connections.ts';
import type { ChatChannel, ConversationChannel } from '../contract/channels.ts';
import type { ChatChannelEvent, ConversationChannelEvent } from '../contract/index.ts';
import { acquireConnection, planConnection, refusalError } from './connection-plan.ts';
import { RealtimeContext } from './realtime.ts';
import type { UseCentrifugoOptions } from './use-centrifugo-options.ts';
import { useLatest } from './use-latest.ts';

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
  const session = useContext(RealtimeContext)?.session ?? null;
  const latest = useLatest({ options, onMessage });
  const lease = useRef<Lease | null>(null);
  const [state] = useState(() => createCell(WAITING));
  const plan = planConnection(options, session);
  const key = 'key' in plan ? plan.key : undefined;
  const refusal = 'refusal' in plan ? plan.refusal : undefined;
  const channel = channelName === '' ? undefined : (channelName ?? undefined);
  const { token } = options;

  useEffect(() => {
    if (channel === undefined) return undefined;
    if (refusal) state.set({ status: 'error', error: refusalError(refusal) });
    const leave = () => state.set(WAITING);
    if (key === undefined) return leave;

    const current = () => latest.current.options;
    const held = acquireConnection(key, { session, current });
    lease.current = held;
    const stop = held.connection.subscribe(channel, {
      onMessage: (data) => {
        // The contract says what a channel carries, and only the worker publishes there.
        // oxlint-disable-next-line typescript/consistent-type-assertions -- see above
        latest.current.onMessage(data as EventOn<Name>);
      },
      onState: state.set,
      onLoss: () => current().onLoss?.(),
      getSubscriptionToken: async (name) => {
        const own = current().getSubscriptionToken;
        if (own) return await own(name);
        if (session) return await session.subscriptionToken(name);
        throw refusalError('no_subscription_token_source');
      },
    });
    return () => {
      stop();
      held.release();
      lease.current = null;
      leave();
    };
  }, [channel, key, refusal, session, latest, state]);

  useEffect(() => {
    if (token !== undefined) lease.current?.connection.offerToken(token);
  }, [token]);

  return useSyncExternalStore(state.watch, state.get, () => WAITING);
}
