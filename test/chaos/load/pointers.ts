import type { Rest } from '../../harness/rest.ts';
import type { Random } from '../random.ts';
import type { Attempt } from './attempt.ts';
import type { Actor, Cast } from './cast.ts';
import type { Ledger } from './ledger.ts';

type Parts = {
  cast: Cast;
  ledger: Ledger;
  random: Random;
  ask: <T>(who: Actor, call: (rest: Rest) => Promise<T>) => Promise<Attempt<T>>;
};

/** How far readers of lanes have come, and what they want to come back to. */
export function createPointers({ cast, ledger, random, ask }: Parts) {
  /** Somebody who has been shown something, and how much it is. */
  const reader = () => {
    const { conversationId, clients } = random.pick(cast.lanes);
    const { actor, recorder } = random.pick(clients);
    const seq = recorder.shown(conversationId).length;
    return seq === 0 ? undefined : { actor, seq, about: { conversationId, userId: actor.id } };
  };
  return {
    markRead: async (): Promise<void> => {
      const found = reader();
      if (!found) return;
      const { actor, seq, about } = found;
      const marked = await ask(actor, (rest) => rest.markRead(about.conversationId, seq));
      const lastReadSeq = marked.answer?.body.lastReadSeq ?? 0;
      ledger.write({ verb: 'mark read', ...about, lastReadSeq }, marked);
    },
    markUnread: async (): Promise<void> => {
      const found = reader();
      if (!found) return;
      const { actor, seq, about } = found;
      const fromSeq = random.next() < 0.2 ? null : random.between(1, seq);
      const marked = await ask(actor, (rest) => rest.markUnread(about.conversationId, fromSeq));
      ledger.write({ verb: 'mark unread', ...about, fromSeq }, marked);
    },
    reportDelivered: async (): Promise<void> => {
      const found = reader();
      if (!found) return;
      const { actor, seq, about } = found;
      const item = { conversationId: about.conversationId, seq };
      const reported = await ask(actor, (rest) => rest.reportDelivered([item]));
      const lastDeliveredSeq = reported.answer?.body.items[0]?.lastDeliveredSeq ?? 0;
      ledger.write({ verb: 'report delivered', ...about, lastDeliveredSeq }, reported);
    },
  };
}
