import { RealtimeError } from './realtime-error.ts';

export interface ChannelState {
  /** `waiting` has no subscription yet; `unsubscribed` was ended by the server; `error` is final. */
  status: 'waiting' | 'connecting' | 'subscribed' | 'unsubscribed' | 'error';
  /** Why it is in `error`; while `connecting`, what went wrong with the last attempt. */
  error: RealtimeError | null;
}

interface Ending {
  channel: string;
  code: number;
  reason: string;
  /** What the token's source threw, if that was it. */
  cause: unknown;
}

/** How a subscription stands that the SDK will not bring back; null when it was ended from this side. */
export function endedState({ channel, code, reason, cause }: Ending): ChannelState | null {
  const message = `The subscription to ${channel} ended: ${reason}`;
  if (code === 1) {
    return {
      status: 'error',
      error: new RealtimeError(message, { code: 'unauthorized', number: code, cause }),
    };
  }
  if (code < 100) return null;
  // From 2500 on the SDK subscribes again and does not report an end.
  if (code >= 2000) return { status: 'unsubscribed', error: null };
  return { status: 'error', error: new RealtimeError(message, { code: 'refused', number: code }) };
}
