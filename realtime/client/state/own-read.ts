import type { Conversation } from '../../contract/index.ts';

/** How far the user has read, as an event, an answer or the user's own eyes told it. */
export interface OwnRead {
  lastReadSeq: number;
  /** What is left, where the server told; it counted when it told. */
  unreadCount: number | null;
  /** Marked as unread from there on; undefined where nothing was said of that. */
  unreadFromSeq: number | null | undefined;
  /** Of the delivery that told it; null for what this client or an answer says. */
  epoch: string | null;
  /** When the server stored it; null for what is not stored yet. */
  at: string | null;
  turn: number;
}

/** Of two words about one pointer the further one; of two about the same place the later one. */
export function laterRead(known: OwnRead | null, fresh: OwnRead): OwnRead {
  if (known === null || fresh.lastReadSeq > known.lastReadSeq) return fresh;
  if (fresh.lastReadSeq < known.lastReadSeq) return known;
  return known.at !== null && fresh.at !== null && fresh.at < known.at ? known : fresh;
}

/**
 * What remains to be known once the server told the conversation itself, on a request that left at `asked`: what was
 * read afterwards, or is not stored yet.
 */
export function readBeyond(
  read: OwnRead | null,
  { fresh, asked }: { fresh: Conversation; asked: number },
): OwnRead | null {
  if (read === null || read.lastReadSeq < fresh.lastReadSeq) return null;
  if (read.epoch !== null && read.epoch !== fresh.epoch) return null;
  return read.lastReadSeq > fresh.lastReadSeq || read.turn > asked ? read : null;
}

/**
 * A conversation as the server told it, read a bit further. Whether the count is certain: it is, where everything was
 * read, or where each of the messages in question counts.
 */
export function withOwnRead(
  base: Conversation,
  read: OwnRead | null,
): { conversation: Conversation; certain: boolean } {
  if (read === null || read.lastReadSeq < base.lastReadSeq) {
    return { conversation: base, certain: true };
  }
  const marked = base.unreadFromSeq ?? null;
  const marks = read.unreadFromSeq ?? null;
  const left = Math.max(0, base.lastSeq - read.lastReadSeq);
  if (read.lastReadSeq === base.lastReadSeq || marks !== null) {
    const same = read.lastReadSeq === base.lastReadSeq && marks === marked;
    if (same || read.unreadFromSeq === undefined) return { conversation: base, certain: true };
    const unreadCount = read.unreadCount ?? Math.min(left, base.unreadCount);
    const { lastReadSeq } = read;
    return {
      conversation: { ...base, lastReadSeq, unreadFromSeq: marks, unreadCount },
      certain: false,
    };
  }
  const eachCounts = marked === null && base.unreadCount === base.lastSeq - base.lastReadSeq;
  return {
    conversation: {
      ...base,
      lastReadSeq: read.lastReadSeq,
      ...(base.unreadFromSeq === undefined ? {} : { unreadFromSeq: null }),
      unreadCount: Math.min(left, base.unreadCount),
    },
    certain: left === 0 || eachCounts,
  };
}

/** What a conversation that was told before says of its pointer, which does not go back. */
export function readIn({ lastReadSeq, epoch }: Conversation): OwnRead {
  const nothingMore = { unreadCount: null, unreadFromSeq: undefined, at: null, turn: 0 };
  return { lastReadSeq, epoch, ...nothingMore };
}
