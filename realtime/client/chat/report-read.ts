import { conversationOf } from '../state/selectors.ts';
import { asProblem, isPassing } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createLoop } from './create-loop.ts';
import type { ChatStore } from './create-store.ts';

/** Who reads along in a lively conversation reports at most so often. */
const PAUSE_MS = 1000;

/** Tells the server how far its user has read. The list shows it at once. */
export function createReadReports({ api, store }: { api: ChatApi; store: ChatStore }) {
  const unreported = new Map<string, number>();
  const loop = createLoop({ step: report, onProblem: () => {} });

  async function report() {
    const [next] = unreported;
    if (next === undefined) return 'done';
    const [conversationId, seq] = next;
    if (conversationOf(store.get(), conversationId) === undefined) {
      unreported.delete(conversationId);
      return 'again';
    }
    try {
      const state = await api.markRead(conversationId, seq);
      store.dispatch({ type: 'read_stored', conversationId, state });
    } catch (error) {
      // Left in place it is reported again; a refusal would only be refused again.
      if (isPassing(asProblem(error))) throw error;
    }
    if (unreported.get(conversationId) === seq) unreported.delete(conversationId);
    return PAUSE_MS;
  }

  function markRead(conversationId: string, seq: number) {
    const known = conversationOf(store.get(), conversationId);
    if (known === undefined) return;
    // Reading again what was marked as unread takes the mark away.
    const marked = (known.unreadFromSeq ?? null) !== null;
    if (known.lastReadSeq >= seq && !marked) return;
    store.dispatch({ type: 'read', conversationId, seq });
    unreported.set(conversationId, Math.max(seq, unreported.get(conversationId) ?? 0));
    loop.nudge();
  }

  return { wake: loop.wake, stop: loop.stop, markRead };
}
