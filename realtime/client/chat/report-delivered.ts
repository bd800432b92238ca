import type { Conversation } from '../../contract/index.ts';
import type { ChatState } from '../state/chat-state.ts';
import { asProblem, isPassing } from './api-problem.ts';
import type { ChatApi, DeliveredItems } from './chat-api.ts';
import { createLoop } from './create-loop.ts';
import type { ChatStore } from './create-store.ts';

/** However many messages come, they are reported together and at most so often. */
const PAUSE_MS = 1000;
const MOST = 100;

/** Tells the server which messages of direct conversations have reached this device. */
export function createDeliveredReports({ api, store }: { api: ChatApi; store: ChatStore }) {
  const reported = new Map<string, number>();
  const loop = createLoop({ step: report, onProblem: () => {} });
  let seen: ChatState['inbox']['conversations'] = [];
  let taken = true;

  async function report() {
    const items = store
      .get()
      .inbox.conversations.flatMap((row) => undelivered(row, store.get().me))
      .filter(({ conversationId, seq }) => seq > (reported.get(conversationId) ?? 0))
      .slice(0, MOST);
    if (!taken || items.length === 0) return 'done';
    try {
      await api.delivered(items);
    } catch (error) {
      if (isPassing(asProblem(error))) throw error;
      // A server from before, which takes no such reports.
      taken = false;
      return 'done';
    }
    for (const { conversationId, seq } of items) reported.set(conversationId, seq);
    return PAUSE_MS;
  }

  return {
    /** Something changed. */
    look: () => {
      const { conversations } = store.get().inbox;
      if (!taken || conversations === seen) return;
      seen = conversations;
      loop.nudge();
    },
    stop: loop.stop,
  };
}

/** What was read needs no report of its own. */
function undelivered(row: Conversation, me: string): DeliveredItems {
  const { id, kind, lastSeq, lastReadSeq, lastMessage } = row;
  const comes = kind === 'direct' && lastSeq > lastReadSeq && lastMessage?.senderId !== me;
  return comes ? [{ conversationId: id, seq: lastSeq }] : [];
}
