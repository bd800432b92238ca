import type { Written } from '../state/pending.ts';
import type { ChatStore } from './create-store.ts';

export type KeptSend = { conversationId: string; send: Written };

/** Where sends that are not confirmed outlive a page. Say `localStorage`, or a file; per user. */
export interface PendingStorage {
  load: () => readonly KeptSend[] | Promise<readonly KeptSend[]>;
  /** All that is pending now. Called after each change of it. */
  save: (sends: readonly KeptSend[]) => void | Promise<void>;
}

/** Takes up what was not confirmed, then writes down what is pending. */
export function createPendingKeeper({
  storage,
  store,
  report,
}: {
  storage: PendingStorage | undefined;
  store: ChatStore;
  report: (error: unknown) => void;
}) {
  let kept = '[]';
  let loaded = storage === undefined;

  function save() {
    if (storage === undefined || !loaded) return;
    const sends = Object.entries(store.get().rooms).flatMap(([conversationId, { pending }]) =>
      pending.map(({ state: _state, reason: _reason, retryAt: _at, attempts: _n, ...send }) => ({
        ...{ conversationId, send },
      })),
    );
    const text = JSON.stringify(sends);
    if (text === kept) return;
    kept = text;
    void Promise.resolve(storage.save(sends)).catch(report);
  }

  return {
    save,
    load: async (): Promise<void> => {
      if (storage === undefined || loaded) return;
      try {
        for (const { conversationId, send } of await storage.load()) {
          store.dispatch({ type: 'written', conversationId, send });
        }
      } catch (error) {
        report(error);
      }
      loaded = true;
      save();
    },
  };
}
