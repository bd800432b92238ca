import type { Conversation, ConversationList } from '@rov/realtime';

import { byRecency, mergeConversation } from './merge-conversation.ts';

/** One user's list of conversations. */
export type Inbox = {
  status: 'loading' | 'ready';
  /** Newest first. */
  conversations: readonly Conversation[];
  nextCursor: string | null;
  /** Conversations of which the event with this number said that the row here is not the whole truth. */
  stale: Readonly<Record<string, number>>;
  /** How often something gave reason to doubt the whole list, and how many of those a load has settled. */
  doubts: number;
  settled: number;
};

export const emptyInbox: Inbox = {
  status: 'loading',
  conversations: [],
  nextCursor: null,
  stale: {},
  doubts: 0,
  settled: 0,
};

/** Whether the list as a whole must be fetched (again). */
export function needsLoad({ status, doubts, settled }: Inbox): boolean {
  return status === 'loading' || doubts > settled;
}

export function withInboxDoubt(inbox: Inbox): Inbox {
  return { ...inbox, doubts: inbox.doubts + 1 };
}

/**
 * The list from its beginning, as far as it was loaded before. What was here when the request left
 * (`before`) and is not in the answer is gone; what came in the meantime stays.
 */
export function withLoaded(inbox: Inbox, list: ConversationList, before: Inbox): Inbox {
  const fresh = new Set(list.items.map(({ id }) => id));
  const known = new Set(before.conversations.map(({ id }) => id));
  const kept = inbox.conversations.filter(({ id }) => fresh.has(id) || !known.has(id));
  return {
    ...withConversations({ ...inbox, conversations: kept }, list.items),
    stale: staleSince(inbox, before),
    status: 'ready',
    nextCursor: list.nextCursor,
    settled: Math.max(inbox.settled, before.doubts),
  };
}

/** The next page of the list. */
export function withMore(inbox: Inbox, list: ConversationList): Inbox {
  return { ...withConversations(inbox, list.items), nextCursor: list.nextCursor };
}

/** A stale row as the server told it (null: it is gone). What was heard after the request stays stale. */
export function withFetched(
  inbox: Inbox,
  { id, row, before }: { id: string; row: Conversation | null; before: Inbox },
): Inbox {
  const known = row === null ? withoutConversation(inbox, id) : withConversations(inbox, [row]);
  const { [id]: ev, ...others } = inbox.stale;
  return ev === before.stale[id] ? { ...known, stale: others } : known;
}

/** Conversations as the server has just told them. */
export function withConversations(inbox: Inbox, fresh: readonly Conversation[]): Inbox {
  const byId = new Map(inbox.conversations.map((known) => [known.id, known]));
  for (const conversation of fresh) {
    byId.set(conversation.id, mergeConversation(byId.get(conversation.id), conversation));
  }
  return { ...inbox, conversations: [...byId.values()].toSorted(byRecency) };
}

/** A row as an event changed it, which says nothing about whether it is the whole truth. */
export function withRow(inbox: Inbox, row: Conversation): Inbox {
  const others = inbox.conversations.filter(({ id }) => id !== row.id);
  return { ...inbox, conversations: [...others, row].toSorted(byRecency) };
}

export function withoutConversation(inbox: Inbox, conversationId: string): Inbox {
  const conversations = inbox.conversations.filter(({ id }) => id !== conversationId);
  return { ...inbox, conversations };
}

export function withStale(
  inbox: Inbox,
  { conversationId, ev }: { conversationId: string; ev: number },
): Inbox {
  return { ...inbox, stale: { ...inbox.stale, [conversationId]: ev } };
}

export function conversationOf(inbox: Inbox, conversationId: string): Conversation | undefined {
  return inbox.conversations.find(({ id }) => id === conversationId);
}

export function totalUnread({ conversations }: Inbox): number {
  return conversations.reduce((sum, { unreadCount }) => sum + unreadCount, 0);
}

function staleSince(inbox: Inbox, before: Inbox): Inbox['stale'] {
  const since = Object.entries(inbox.stale).filter(([id, ev]) => before.stale[id] !== ev);
  return Object.fromEntries(since);
}
