import { asProblem, isPassing } from '../api-problem.ts';
import { withRead, withReadUpTo } from '../state/inbox-events.ts';
import { conversationOf } from '../state/inbox.ts';
import { createLoop } from './create-loop.ts';
import type { InboxContext } from './inbox-context.ts';

/** Who reads along in a lively conversation reports at most so often. */
const PAUSE_MS = 1000;

/** Tells the server how far its user has read. The list shows it at once. */
export function createReadReports({ api, learn, store }: InboxContext) {
  const unreported = new Map<string, number>();
  const loop = createLoop({ step: report, onProblem: () => {} });

  async function report() {
    const [next] = unreported;
    if (next === undefined) return 'done';
    const [conversationId, seq] = next;
    try {
      const state = await api.markRead(conversationId, seq);
      learn((inbox) => withRead(inbox, { conversationId, ...state }));
    } catch (error) {
      // Left in place it is reported again; a refusal would only be refused again.
      if (isPassing(asProblem(error))) throw error;
    }
    if (unreported.get(conversationId) === seq) unreported.delete(conversationId);
    return PAUSE_MS;
  }

  function markRead(conversationId: string, seq: number) {
    const known = conversationOf(store.get().inbox, conversationId);
    if (known === undefined || known.lastReadSeq >= seq) return;
    learn((inbox) => withReadUpTo(inbox, { conversationId, seq }));
    unreported.set(conversationId, seq);
    loop.wake();
  }

  return { wake: loop.wake, stop: loop.stop, markRead };
}
