import type { ChatInput } from '../state/chat-input.ts';
import type { ChatState } from '../state/chat-state.ts';
import { reduce } from '../state/reduce.ts';

export interface ChatStore {
  get: () => ChatState;
  dispatch: (input: ChatInput) => void;
  /** Calls back after each change. Returns the way to stop. */
  subscribe: (listener: () => void) => () => void;
}

/** The state as it goes on. What a listener throws is reported, and the others are called all the same. */
export function createStore(initial: ChatState, report: (error: unknown) => void): ChatStore {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch: (input) => {
      const next = reduce(state, input);
      if (next === state) return;
      state = next;
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          report(error);
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
