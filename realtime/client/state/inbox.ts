import type { Conversation, ConversationList, ReadEvent, ReadState } from '../../contract/index.ts';
import type { ChatState, Inbox, Row } from './chat-state.ts';
import type { OwnRead } from './own-read.ts';
import type { RowEvent } from './row-event.ts';
import { isSought, newRow, withRead, withRowEvent, withTold } from './row.ts';
import { totalUnread, unreadIn } from './selectors.ts';
import { doubtAfter, without } from './without.ts';

/** An event about a row. Of a conversation that is not in the list the row is asked for. */
export function withInboxEvent(state: ChatState, event: RowEvent): ChatState {
  const { me, turn } = state;
  const known = state.inbox.rows[event.conversationId];
  if (known === undefined && event.type === 'conversation_removed') return state;
  const row = withRowEvent(known ?? newRow(turn), event, { me, turn });
  return row === known ? state : withRows(state, { [event.conversationId]: row });
}

export function withOwnReadEvent(state: ChatState, event: ReadEvent): ChatState {
  const { conversationId, lastReadSeq, unreadCount, unreadFromSeq, at, epoch } = event;
  const row = state.inbox.rows[conversationId] ?? newRow(state.turn);
  if (row.base !== null && row.base.epoch !== epoch) {
    return withRows(state, { [conversationId]: { ...row, doubt: state.turn } });
  }
  return withOwnRead(withRows(state, { [conversationId]: row }), conversationId, {
    ...{ lastReadSeq, unreadCount: unreadCount ?? null, unreadFromSeq, at, epoch },
  });
}

/** Reading moves the pointer at once; the server's count follows with its answer. */
export function withReadUpTo(
  state: ChatState,
  { conversationId, seq }: { conversationId: string; seq: number },
): ChatState {
  const told = { unreadFromSeq: undefined, at: null, epoch: null };
  return withOwnRead(state, conversationId, { lastReadSeq: seq, unreadCount: 0, ...told });
}

export function withStoredRead(
  state: ChatState,
  { conversationId, state: stored }: { conversationId: string; state: ReadState },
): ChatState {
  const { lastReadSeq, unreadCount, unreadFromSeq } = stored;
  const read = { lastReadSeq, unreadCount, unreadFromSeq, at: null, epoch: null };
  return withOwnRead(state, conversationId, read);
}

function withOwnRead(
  state: ChatState,
  conversationId: string,
  read: Omit<OwnRead, 'turn'>,
): ChatState {
  const known = state.inbox.rows[conversationId];
  if (known === undefined) return state;
  const row = withRead(known, { ...read, turn: state.turn }, state.me);
  return withRows(state, { [conversationId]: row });
}

/** A conversation as the server told it (null: it is gone, for this user). */
export function withToldRow(
  state: ChatState,
  told: { conversationId: string; row: Conversation | null; asked: number },
): ChatState {
  const { conversationId, row: fresh, asked } = told;
  const known = state.inbox.rows[conversationId];
  const calm = { ...state, inbox: { ...state.inbox, trouble: null } };
  if (fresh !== null) return withConversations(calm, [fresh], asked);
  // What was heard of it after the request left says that it may be there again.
  if (known === undefined || (known.doubt ?? 0) > asked) return calm;
  return summed({ ...calm.inbox, rows: without(calm.inbox.rows, conversationId) }, calm);
}

export function withConversations(
  state: ChatState,
  fresh: readonly Conversation[],
  asked: number,
): ChatState {
  const { me, turn } = state;
  const rows = fresh.map((conversation) => {
    const known = state.inbox.rows[conversation.id] ?? { ...newRow(turn), doubt: null };
    return [conversation.id, withTold(known, conversation, { me, asked })] as const;
  });
  return withRows(state, Object.fromEntries(rows));
}

/**
 * The list from its beginning, as far as it was loaded before. What was here when the request left and is not in the
 * answer is gone; what came in the meantime stays.
 */
export function withLoaded(
  state: ChatState,
  { list, asked }: { list: ConversationList; asked: number },
): ChatState {
  const fresh = new Set(list.items.map(({ id }) => id));
  const kept = Object.entries(state.inbox.rows).filter(
    ([id, row]) =>
      fresh.has(id) || row.since > asked || (row.doubt ?? 0) > asked || isBeyond(row, list),
  );
  const inbox = { ...state.inbox, rows: Object.fromEntries(kept) };
  const loaded = withConversations({ ...state, inbox }, list.items, asked);
  const left = totalUnread(state) - unreadIn(loaded.inbox.conversations);
  return {
    ...loaded,
    inbox: {
      ...loaded.inbox,
      ...{ status: 'ready', nextCursor: list.nextCursor, trouble: null },
      unreadBeyond: list.nextCursor === null ? 0 : Math.max(0, left),
      doubt: doubtAfter(loaded.inbox.doubt, asked),
    },
  };
}

/** Whether the row belongs to what the list was not loaded up to, and is true, or may belong there. */
function isBeyond(row: Row, { items, nextCursor }: ConversationList) {
  const { conversation, whole, doubt } = row;
  const last = items.at(-1);
  if (isSought(row)) return nextCursor !== null;
  if (conversation === null || nextCursor === null || last === undefined) return false;
  return whole && doubt === null && byRecency(conversation, last) > 0;
}

/** The next page of the list, unless the list was loaded again meanwhile. */
export function withMore(
  state: ChatState,
  { list, cursor, asked }: { list: ConversationList; cursor: string; asked: number },
): ChatState {
  const done = { ...state, inbox: { ...state.inbox, wantsMore: false } };
  if (state.inbox.nextCursor !== cursor) return done;
  const more = withConversations(done, list.items, asked);
  const left = Math.max(0, more.inbox.unreadBeyond - unreadIn(list.items));
  return {
    ...more,
    inbox: {
      ...more.inbox,
      ...{ nextCursor: list.nextCursor, trouble: null },
      unreadBeyond: list.nextCursor === null ? 0 : left,
    },
  };
}

/** A conversation that is asked for by its id and may lie beyond what was loaded. */
export function withLookUp(state: ChatState, conversationId: string): ChatState {
  if (conversationId in state.inbox.rows) return state;
  return withRows(state, { [conversationId]: newRow(state.turn) });
}

function withRows(state: ChatState, changed: Readonly<Record<string, Row>>): ChatState {
  return summed({ ...state.inbox, rows: { ...state.inbox.rows, ...changed } }, state);
}

function summed(inbox: Inbox, state: ChatState): ChatState {
  const conversations = Object.values(inbox.rows)
    .flatMap(({ conversation }) => (conversation === null ? [] : [conversation]))
    .toSorted(byRecency);
  return { ...state, inbox: { ...inbox, conversations } };
}

function byRecency(a: Conversation, b: Conversation): number {
  const order = lastActivity(b).localeCompare(lastActivity(a));
  return order === 0 ? b.id.localeCompare(a.id) : order;
}

function lastActivity({ lastMessage, createdAt }: Conversation): string {
  return lastMessage?.createdAt ?? createdAt;
}
