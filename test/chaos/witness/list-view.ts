import type { Conversation } from '@rov/realtime';

import type { Heeding } from '../../harness/recorder.ts';
import type { Rest } from '../../harness/rest.ts';
import { RestProblem } from '../../harness/rest.ts';

/** A conversation as a user's list shows it. */
export type Listed = {
  there: boolean;
  ev: number;
  lastSeq: number;
  lastReadSeq: number;
  unreadFromSeq: number | null;
};

export type ListView = Heeding & { conversations: ReadonlyMap<string, Listed> };

const UNKNOWN: Listed = { there: true, ev: 0, lastSeq: 0, lastReadSeq: 0, unreadFromSeq: null };

/**
 * The least that a list of conversations has to do: events of `chat:*` in their order, merged by `ev`; read everything
 * again when it was lost, and one conversation when a `resync` asks for it or nobody said what it is.
 */
export function watchList(rest: Pick<Rest, 'conversations' | 'conversation'>): ListView {
  const conversations = new Map<string, Listed>();
  const markedAt = new Map<string, string>();
  let work: Promise<void> = Promise.resolve();
  const after = (step: () => Promise<void> | void): Promise<void> => (work = work.then(step));

  const put = (id: string, state: Partial<Listed>): void => {
    const before = conversations.get(id) ?? UNKNOWN;
    conversations.set(id, { ...before, ...state });
  };
  const putWhole = ({ id, ev, lastSeq, lastReadSeq, unreadFromSeq = null }: Conversation): void =>
    put(id, { there: true, ev, lastSeq, lastReadSeq, unreadFromSeq });
  /** A pointer never goes back; a mark may, so that of the later event holds. */
  const putPointer = (id: string, known: Listed, event: Record<string, unknown>): void => {
    const at = String(event['at']);
    const lastReadSeq = Math.max(known.lastReadSeq, Number(event['lastReadSeq']));
    const unreadFromSeq = event['unreadFromSeq'] as number | null;
    if (at < (markedAt.get(id) ?? '')) return put(id, { lastReadSeq });
    markedAt.set(id, at);
    return put(id, { lastReadSeq, unreadFromSeq });
  };
  const remove = (id: string): void => {
    if (conversations.has(id)) put(id, { there: false });
  };
  const readAll = async (): Promise<void> => {
    const found = new Set<string>();
    let cursor: string | null = null;
    do {
      const page = await rest.conversations(`?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
      for (const conversation of page.items) {
        found.add(conversation.id);
        putWhole(conversation);
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    for (const id of conversations.keys()) if (!found.has(id)) remove(id);
  };
  const readOne = async (id: string): Promise<void> => {
    try {
      putWhole(await rest.conversation(id));
    } catch (error) {
      if (!(error instanceof RestProblem && error.status === 404)) throw error;
      remove(id);
    }
  };

  const hear = (event: Record<string, unknown>): Promise<void> | void => {
    const id = event['conversationId'];
    if (typeof id !== 'string') return;
    const known = conversations.get(id);
    if (event['type'] === 'read') {
      // How far others have read is told without a count.
      return known && 'unreadCount' in event ? putPointer(id, known, event) : undefined;
    }
    if (event['type'] === 'resync') return readOne(id);
    const ev = Number(event['ev']);
    if (known && ev < known.ev) return;
    const lastSeq = Math.max(known?.lastSeq ?? 0, Number(event['lastSeq']));
    if (event['type'] === 'conversation_removed') put(id, { there: false, ev, lastSeq });
    else if (known?.there && event['type'] !== 'conversation_added') put(id, { ev, lastSeq });
    else return readOne(id);
  };

  return {
    conversations,
    load: () => after(readAll),
    take: (event) => void after(() => hear(event)),
  };
}
