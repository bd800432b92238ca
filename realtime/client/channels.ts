import type { ChannelListener } from './channel-listeners.ts';
import type { Channel } from './channel.ts';
import type { RealtimeError } from './realtime-error.ts';

interface ChannelsOptions {
  open: (name: string) => Channel;
  /** How long a channel without listeners stays subscribed. React removes and adds within one tick. */
  lingerMs: number;
}

/** The channels of one connection, each open as long as somebody listens. */
export function createChannels({ open, lingerMs }: ChannelsOptions) {
  const channels = new Map<string, Channel>();

  function closeUnheard(name: string, channel: Channel) {
    if (channel.isHeard() || channels.get(name) !== channel) return;
    channels.delete(name);
    channel.close();
  }

  return {
    listen: (name: string, listener: ChannelListener): (() => void) => {
      const channel = channels.get(name) ?? open(name);
      channels.set(name, channel);
      const remove = channel.add(listener);
      return () => {
        remove();
        setTimeout(() => closeUnheard(name, channel), lingerMs);
      };
    },
    connectionFailed: (error: RealtimeError, how: { final: boolean }) => {
      for (const channel of channels.values()) channel.connectionFailed(error, how);
    },
    clear: () => channels.clear(),
  };
}
