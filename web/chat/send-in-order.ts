import { asProblem, isPassing, retryDelayMs } from '../api-problem.ts';
import { mergeMessages } from '../state/merge-messages.ts';
import type { Pending } from '../state/pending.ts';
import {
  nextSend,
  withFailed,
  withoutSend,
  withQueued,
  withRetry,
  withSending,
} from '../state/pending.ts';
import { createLoop } from './create-loop.ts';
import { newClientId } from './new-client-id.ts';
import type { RoomContext } from './room-context.ts';

/** Sends one's own messages, one at a time and in the order of writing. */
export function createSender({ api, conversationId, store, learn }: RoomContext) {
  const loop = createLoop({ step: sendNext, onProblem: () => {} });

  function change(to: (pending: Pending) => Pending) {
    store.update((state) => ({ ...state, pending: to(state.pending) }));
  }

  async function sendNext() {
    const next = nextSend(store.get().pending, Date.now());
    if (next === null) return 'done';
    if (next.waitMs > 0) return next.waitMs;
    const { clientId, content, attempts } = next.send;
    change((pending) => withSending(pending, clientId));
    try {
      const message = await api.send(conversationId, { clientId, content });
      learn((known) => ({ ...known, items: mergeMessages(known.items, [message]) }));
    } catch (error) {
      const problem = asProblem(error);
      const delayMs = retryDelayMs(problem, { attempts, random: Math.random });
      const retryAt = isPassing(problem) ? Date.now() + delayMs : null;
      change((pending) => withFailed(pending, clientId, { reason: problem.message, retryAt }));
    }
    return 'again';
  }

  function send(content: string) {
    const clientId = newClientId();
    change((pending) => withQueued(pending, { clientId, content, writtenAt: Date.now() }));
    loop.wake();
  }

  function retry(clientId: string) {
    change((pending) => withRetry(pending, clientId));
    loop.wake();
  }

  function discard(clientId: string) {
    change((pending) => withoutSend(pending, clientId));
    loop.wake();
  }

  return { wake: loop.wake, stop: loop.stop, send, retry, discard };
}
