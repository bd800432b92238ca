import { useCentrifugo } from '@rov/realtime/react';
import { useEffect, useRef } from 'react';

/**
 * Listens to a channel and says when what was heard may not be all.
 *
 * The first subscription starts at a position of which whoever loaded before it knows nothing: one
 * doubt. Later ones are recovered by the server, or the hook reports a loss.
 */
export function useLive<const Name extends string>(
  channel: Name,
  on: { event: Parameters<typeof useCentrifugo<Name>>[2]; doubt: () => void; resume: () => void },
) {
  const state = useCentrifugo({ onLoss: on.doubt }, channel, on.event);
  const subscribedBefore = useRef<string | null>(null);
  const latest = useRef(on);
  useEffect(() => {
    latest.current = on;
  });
  useEffect(() => {
    if (state.status !== 'subscribed') return;
    if (subscribedBefore.current !== channel) latest.current.doubt();
    subscribedBefore.current = channel;
    latest.current.resume();
  }, [state.status, channel]);
  return state;
}
