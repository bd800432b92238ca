import type { Position } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';

import { Refusal } from './refusal.ts';

export type ChannelPosition = {
  /** Where a channel stands now. Throws a Refusal, `realtime_unavailable`, when Centrifugo does not say. */
  of: (channel: string) => Promise<Position>;
  close: () => Promise<void>;
};

/** All that this door asks of Centrifugo, and it only reads: events are published by the worker. */
export function createChannelPosition(options: { url: string; apiKey: string }): ChannelPosition {
  const centrifugo = createCentrifugeServerClient({ ...options, timeoutMs: 2_000 });
  return {
    async of(channel) {
      try {
        const { offset, epoch } = await centrifugo.history({ channel, limit: 0 });
        return { offset, epoch };
      } catch (error) {
        throw new Refusal('realtime_unavailable', { cause: error });
      }
    },
    close: () => centrifugo.close(),
  };
}
