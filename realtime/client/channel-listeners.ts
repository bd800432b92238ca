import { UnauthorizedError } from 'centrifuge';

import type { ChannelState } from './channel-state.ts';

export interface ChannelListener {
  onMessage: (data: unknown) => void;
  onState: (state: ChannelState) => void;
  /** Something was missed and cannot be recovered: load again. May be awaited before messages go on. */
  onLoss: () => void | Promise<void>;
  getSubscriptionToken: (channel: string) => Promise<string>;
}

/**
 * Those who share one subscription. An exception inside a callback of the SDK ends its connection, so
 * nobody is called unguarded.
 */
export function createChannelListeners(report: (error: unknown) => void) {
  const listeners = new Set<ChannelListener>();
  let tokenFault: unknown;

  function each(call: (listener: ChannelListener) => void) {
    for (const listener of listeners) {
      try {
        call(listener);
      } catch (error) {
        report(error);
      }
    }
  }

  return {
    add: (listener: ChannelListener) => listeners.add(listener),
    remove: (listener: ChannelListener) => listeners.delete(listener),
    count: () => listeners.size,
    message: (data: unknown) => each((listener) => listener.onMessage(data)),
    state: (state: ChannelState) => each((listener) => listener.onState(state)),
    /** Reports who could not load, and rejects then. */
    loss: async (): Promise<void> => {
      const loads = Array.from(listeners, async (listener) => listener.onLoss());
      await Promise.all(loads).catch((error: unknown) => {
        report(error);
        throw error;
      });
    },
    /** Any of them may get the token: all are the same user. */
    token: async (channel: string): Promise<string> => {
      const [listener] = listeners;
      if (!listener) throw new UnauthorizedError('nobody listens any more');
      try {
        tokenFault = undefined;
        return await listener.getSubscriptionToken(channel);
      } catch (error) {
        tokenFault = error;
        throw error;
      }
    },
    /** What the source of the last token threw, if it did. */
    tokenFault: () => tokenFault,
  };
}
