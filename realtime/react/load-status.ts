import { isPassing } from '../client/chat/api-problem.ts';
import type { Trouble } from '../client/state/chat-state.ts';

/** `waiting`: nothing is asked for, without a `conversationId`. `error`: it cannot be had, and is not tried again. */
export type LoadStatus = 'waiting' | 'loading' | 'ready' | 'error';

export interface Loading {
  status: LoadStatus;
  /** What went wrong with the last attempt: while `loading` or `ready` it is repeated. */
  error: Trouble | null;
}

export const WAITING: Loading = { status: 'waiting', error: null };

export function loadingOf({ loaded, error }: { loaded: boolean; error: Trouble | null }): Loading {
  if (loaded) return { status: 'ready', error };
  return { status: error === null || isPassing(error) ? 'loading' : 'error', error };
}
