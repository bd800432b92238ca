import { useContext } from 'react';

import { RealtimeError } from '../client/realtime-error.ts';
import { RealtimeContext } from './realtime.ts';
import type { Realtime } from './realtime.ts';

/** What the provider around a hook gives. */
export function useRealtime(hook: string): Realtime {
  const realtime = useContext(RealtimeContext);
  if (realtime) return realtime;
  const message = `${hook} needs a RealtimeProvider around it`;
  throw new RealtimeError(message, { code: 'no_provider' });
}
