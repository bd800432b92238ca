import { chatChannel, conversationChannel } from '../../contract/channels.ts';
import type { Cell } from '../cell.ts';
import type { ChannelState } from '../channel-state.ts';
import type { Connection } from '../connection.ts';
import type { HeardEvent } from '../state/chat-input.ts';
import type { ChatStore } from './create-store.ts';

export interface WatchOptions {
  connection: Connection;
  store: ChatStore;
  subscriptionToken: (channel: string) => Promise<string>;
  /** A channel is (again) heard. */
  onHeard: () => void;
}

/** Listens to the user's own channel. Returns the way to stop. */
export function watchUser(
  options: WatchOptions & { userId: string; live: Cell<ChannelState> },
): () => void {
  const { userId, live } = options;
  return watch(options, {
    ...{ name: chatChannel(userId), conversationId: null },
    onState: live.set,
  });
}

/** Listens to one conversation. Returns the way to stop. */
export function watchConversation(options: WatchOptions, conversationId: string): () => void {
  const name = conversationChannel(conversationId);
  return watch(options, { name, conversationId, onState: () => undefined });
}

/**
 * Each time a channel is heard (again) there is one doubt: what was loaded before knows nothing of the position that is
 * heard from, and receipts are not kept for those who are away. A short gap costs one small question.
 */
function watch(
  { connection, store, subscriptionToken, onHeard }: WatchOptions,
  {
    name,
    conversationId,
    onState,
  }: { name: string; conversationId: string | null; onState: (state: ChannelState) => void },
): () => void {
  const lost = () => store.dispatch({ type: 'lost', conversationId });
  let heard = false;
  return connection.subscribe(name, {
    onMessage: (event) => {
      if (isEvent(event)) store.dispatch({ type: 'event', conversationId, event, now: Date.now() });
    },
    onLoss: lost,
    onState: (state) => {
      onState(state);
      if (state.status === 'subscribed' && !heard) {
        lost();
        onHeard();
      }
      heard = state.status === 'subscribed';
    },
    getSubscriptionToken: subscriptionToken,
  });
}

function isEvent(data: unknown): data is HeardEvent {
  return (
    typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string'
  );
}
