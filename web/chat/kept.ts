import type { KeptSend, PendingStorage } from '@rov/realtime/client';

const PREFIX = 'rov.kept.';

export type Kept = ReturnType<typeof createKept>;

/**
 * What one user wrote and nobody has yet, over a reload: drafts by conversation, and sends that are not confirmed. Lives in
 * the tab's own storage, beside the session; what somebody else left there is removed.
 */
export function createKept({ storage, userId }: { storage: Storage; userId: string }) {
  const drafts = cellIn<Record<string, string>>({ storage, name: `${userId}.drafts` });
  const sends = cellIn<KeptSend[]>({ storage, name: `${userId}.sends` });
  forgetOthers(storage, userId);
  let forgotten = false;

  const pending: PendingStorage = {
    load: () => sends.read() ?? [],
    save: (all) => {
      if (!forgotten) sends.write(all.length === 0 ? null : [...all]);
    },
  };

  return {
    pending,
    draft: (conversationId: string) => drafts.read()?.[conversationId] ?? '',
    keepDraft: (conversationId: string, text: string) => {
      if (forgotten) return;
      const { [conversationId]: _before, ...others } = drafts.read() ?? {};
      const all = text === '' ? others : { ...others, [conversationId]: text };
      drafts.write(Object.keys(all).length === 0 ? null : all);
    },
    /** How much of it is lost when the user signs out. */
    unsent: () => ({
      messages: sends.read()?.length ?? 0,
      drafts: Object.keys(drafts.read() ?? {}).length,
    }),
    /** The user signs out: nothing stays, and nothing is written any more. */
    forget: () => {
      forgotten = true;
      drafts.write(null);
      sends.write(null);
    },
  };
}

function cellIn<Value>({ storage, name }: { storage: Storage; name: string }) {
  const key = PREFIX + name;
  return {
    read: (): Value | null => {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-return -- nobody but us writes there
        return JSON.parse(storage.getItem(key) ?? 'null');
      } catch {
        return null;
      }
    },
    write: (value: Value | null) => {
      if (value === null) return storage.removeItem(key);
      try {
        storage.setItem(key, JSON.stringify(value));
      } catch {
        // A full storage: what is written here is lost by a reload only.
      }
    },
  };
}

function forgetOthers(storage: Storage, userId: string) {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${userId}.`)) storage.removeItem(key);
  }
}
