import { nextSend } from '../state/pending.ts';
import type { Written } from '../state/pending.ts';
import { asProblem, isPassing, retryDelayMs } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createLoop } from './create-loop.ts';
import type { Loop } from './create-loop.ts';
import type { ChatStore } from './create-store.ts';

/** Sends one's own messages, of each conversation one at a time and in the order of writing. */
export function createSender({ api, store }: { api: ChatApi; store: ChatStore }) {
  const loops = new Map<string, Loop>();

  function loopOf(conversationId: string): Loop {
    const known =
      loops.get(conversationId) ??
      createLoop({ step: () => sendNext(conversationId), onProblem: () => {} });
    loops.set(conversationId, known);
    return known;
  }

  async function sendNext(conversationId: string) {
    const pending = store.get().rooms[conversationId]?.pending ?? [];
    const next = nextSend(pending, Date.now());
    if (next === null) return 'done';
    if (next.waitMs > 0) return next.waitMs;
    const { clientId, attempts } = next.send;
    store.dispatch({ type: 'sending', conversationId, clientId });
    try {
      const message = await api.send(conversationId, requestIn(next.send));
      store.dispatch({ type: 'message', message });
    } catch (error) {
      const problem = asProblem(error);
      const delayMs = retryDelayMs(problem, { attempts, random: Math.random });
      const retryAt = isPassing(problem) ? Date.now() + delayMs : null;
      const { message: reason } = problem;
      store.dispatch({ type: 'send_failed', conversationId, clientId, reason, retryAt });
    }
    return 'again';
  }

  return {
    wake: (conversationId: string) => loopOf(conversationId).wake(),
    wakeAll: () => {
      for (const [conversationId, { pending }] of Object.entries(store.get().rooms)) {
        if (pending.length > 0) loopOf(conversationId).wake();
      }
    },
    stop: () => {
      for (const loop of loops.values()) loop.stop();
    },
  };
}

/** What was written, without what only this client needs to know. */
function requestIn({ clientId, content, type, metadata, replyToId }: Written) {
  return {
    ...{ clientId, content },
    ...(type === undefined ? {} : { type }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(replyToId === undefined ? {} : { replyToId }),
  };
}
