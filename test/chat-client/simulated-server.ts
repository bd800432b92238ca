import type { Conversation, ConversationList, Message, MessagePage, Reaction } from '@rov/realtime';
import type { HeardEvent, PageAsked } from '@rov/realtime/client';

/**
 * A back end of one conversation in the memory of a test: numbers events as the contract says, tells both channels of
 * them, and answers with pages and rows. Ann is who asks.
 */
export interface Published {
  conversationId: string | null;
  event: HeardEvent;
}

type Said = { type: string } & Record<string, unknown>;

const ID = 'c1';
const ME = 'ann';

export function createServer(size = 3) {
  const messages: Message[] = [];
  const published: Published[] = [];
  const state = { ev: 0, lastReadSeq: 0, clock: 0, events: 0, title: 'Group', restores: 1 };
  const pointers = new Map<string, { lastReadSeq: number; lastDeliveredSeq: number }>([
    ['ben', { lastReadSeq: 0, lastDeliveredSeq: 0 }],
  ]);

  const epoch = () => `e${state.restores}`;
  const frame = () => {
    state.clock += 1;
    state.events += 1;
    const at = new Date(Date.UTC(2026, 4, 4, 12, 0, state.clock)).toISOString();
    return { v: 1, eventId: `event-${state.events}`, at, epoch: epoch(), conversationId: ID };
  };
  const tell = (conversation: Said | null, chat: Said | null) => {
    const common = { ...frame(), ev: state.ev };
    if (conversation) published.push({ conversationId: ID, event: { ...common, ...conversation } });
    if (chat) published.push({ conversationId: null, event: { ...common, ...chat } });
  };

  function say(
    from: string,
    type: 'text' | 'system' = 'text',
    said: Partial<Pick<Message, 'clientId' | 'content'>> = {},
  ) {
    state.ev += 1;
    const seq = messages.length + 1;
    const message: Message = {
      ...{ id: `message-${seq}`, conversationId: ID, seq, ev: state.ev, senderId: from },
      ...{ clientId: `client-${seq}`, content: `message ${seq}`, type, revision: 1 },
      ...{ createdAt: new Date(Date.UTC(2026, 4, 4, 12, 0, state.clock + 1)).toISOString() },
      ...{ reactions: [], sender: { id: from, name: from, username: null, image: null } },
      ...said,
    };
    messages.push(message);
    if (type === 'text') {
      if (from === ME) state.lastReadSeq = seq;
      else pointers.set(from, { lastReadSeq: seq, lastDeliveredSeq: seq });
    }
    tell(
      { type: 'message', message },
      {
        ...{ type: 'new_message', seq, lastSeq: seq, messageId: message.id, senderId: from },
        ...{ clientId: message.clientId, messageType: type, preview: message.content },
      },
    );
    return message;
  }

  function change(
    at: number,
    {
      to,
      event,
      listed,
      untold,
    }: {
      to: (message: Message) => Partial<Message>;
      event: Said;
      listed: (message: Message) => object | null;
      untold: boolean;
    },
  ) {
    const old = messages[at % Math.max(1, messages.length)];
    if (old === undefined || old.type === 'system' || old.deletedAt) return;
    state.ev += 1;
    const message = { ...old, ...to(old), ev: state.ev };
    messages[old.seq - 1] = message;
    const row = listed(message);
    const told = untold ? {} : { message };
    const last = !untold && message.seq === messages.length;
    tell(
      { ...event, messageId: old.id, seq: old.seq, ...told },
      row && {
        ...{ type: 'conversation_updated', lastSeq: messages.length, ...row },
        ...(last ? { lastMessage: lastMessage() } : {}),
      },
    );
  }

  const whenLast = (message: Message) => (message.seq === messages.length ? {} : null);
  function edit(at: number, untold: boolean) {
    change(at, {
      to: ({ revision }) => ({ revision: revision + 1, content: `edit ${state.ev}` }),
      ...{ event: { type: 'message_updated' }, listed: whenLast, untold },
    });
  }

  function remove(at: number, untold: boolean) {
    change(at, {
      to: ({ revision }) => ({
        ...{ revision: revision + 1, content: '', deletedAt: '2026-05-04T13:00:00.000Z' },
        reactions: [],
      }),
      event: { type: 'message_deleted', byUserId: 'ben' },
      listed: ({ seq }) => ({ deletedSeq: seq }),
      untold,
    });
  }

  function react(at: number, userId: string) {
    const old = messages[at % Math.max(1, messages.length)];
    const added = !old?.reactions?.some(({ userIds }) => userIds.includes(userId));
    change(at, {
      to: ({ reactions = [] }) => ({ reactions: toggled(reactions, userId) }),
      event: { type: 'reaction', userId, emoji: '👍', added },
      ...{ listed: () => null, untold: false },
    });
  }

  function read(userId: string, seq: number) {
    const to = Math.min(seq, messages.length);
    if (userId === ME) {
      if (to <= state.lastReadSeq) return;
      state.lastReadSeq = to;
      const counts = { lastReadSeq: to, unreadCount: unread() };
      published.push({
        conversationId: null,
        event: { ...frame(), type: 'read', userId, ...counts },
      });
      return;
    }
    const known = pointers.get(userId);
    if (known === undefined || to <= known.lastReadSeq) return;
    pointers.set(userId, {
      lastReadSeq: to,
      lastDeliveredSeq: Math.max(to, known.lastDeliveredSeq),
    });
    published.push({
      conversationId: ID,
      event: { ...frame(), type: 'read', userId, lastReadSeq: to },
    });
  }

  function rename() {
    state.ev += 1;
    state.title = `Title ${state.ev}`;
    const facts = { title: state.title, image: null };
    tell(
      { type: 'conversation_updated', ...facts },
      {
        ...{ type: 'conversation_updated', lastSeq: messages.length, ...facts },
      },
    );
  }

  function resync() {
    state.ev += 1;
    const event = { type: 'resync', fromSeq: messages.length };
    tell(event, event);
  }

  /** The database is set back to half of what was said; what happened later never did. */
  function restore() {
    messages.length = Math.floor(messages.length / 2);
    state.ev = Math.max(0, ...messages.map(({ ev = 0 }) => ev));
    state.restores += 1;
    state.lastReadSeq = Math.min(state.lastReadSeq, messages.length);
    for (const [userId, { lastReadSeq, lastDeliveredSeq }] of pointers) {
      pointers.set(userId, {
        lastReadSeq: Math.min(lastReadSeq, messages.length),
        lastDeliveredSeq: Math.min(lastDeliveredSeq, messages.length),
      });
    }
  }

  const unread = () =>
    messages.filter((m) => m.seq > state.lastReadSeq && m.type !== 'system' && !m.deletedAt).length;

  function lastMessage() {
    const last = messages.at(-1);
    if (last === undefined) return null;
    const { id, seq, senderId, content: preview, createdAt, type, deletedAt } = last;
    return { id, seq, senderId, preview, type, createdAt, deletedAt: deletedAt ?? null };
  }

  function row(): Conversation {
    return {
      ...{ id: ID, kind: 'group', title: state.title, image: null, lastSeq: messages.length },
      ...{ ev: state.ev, epoch: epoch(), unreadCount: unread(), lastReadSeq: state.lastReadSeq },
      ...{ role: 'member', memberCount: 2, members: [], lastMessage: lastMessage() },
      createdAt: '2026-05-04T10:00:00.000Z',
    };
  }

  function page(how: PageAsked): MessagePage {
    const all = messages.map(forAnn);
    const receipts = [...pointers].map(([userId, known]) => ({ userId, ...known }));
    const facts = { lastSeq: all.length, ev: state.ev, epoch: epoch(), receipts };
    if (how.way === 'changed') {
      const since = all.filter(({ ev = 0 }) => ev > how.since).toSorted((a, b) => a.ev! - b.ev!);
      const items = since.slice(0, size);
      return { items, hasOlder: false, hasNewer: since.length > items.length, ...facts };
    }
    const items = windowOf(all, how, size);
    const first = items[0]?.seq ?? all.length + 1;
    const last = items.at(-1)?.seq ?? 0;
    return { items, hasOlder: first > 1 && all.length > 0, hasNewer: last < all.length, ...facts };
  }

  const list = (): ConversationList => ({ items: [row()], nextCursor: null });
  return { published, say, edit, remove, react, read, rename, resync, restore, row, list, page };
}

function windowOf(all: Message[], how: PageAsked, size: number): Message[] {
  switch (how.way) {
    case 'older':
      return all.filter(({ seq }) => seq < how.before).slice(-size);
    case 'newer':
    case 'said':
      return all.filter(({ seq }) => seq > how.after).slice(0, size);
    case 'around':
      return [
        ...all.filter(({ seq }) => seq < how.seq).slice(-1),
        ...all.filter(({ seq }) => seq >= how.seq).slice(0, size - 1),
      ];
    default:
      return all.slice(-size);
  }
}

function forAnn(message: Message): Message {
  if (message.reactions === undefined || message.reactions.length === 0) return message;
  const own = message.reactions.map((it) => ({ ...it, mine: it.userIds.includes(ME) }));
  return { ...message, reactions: own };
}

function toggled(reactions: readonly Reaction[], userId: string): Reaction[] {
  const before = reactions[0]?.userIds ?? [];
  const userIds = before.includes(userId)
    ? before.filter((id) => id !== userId)
    : [...before, userId];
  return userIds.length === 0 ? [] : [{ emoji: '👍', count: userIds.length, userIds }];
}
