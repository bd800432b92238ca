import type { Message } from '../../contract/index.ts';

/** How far somebody has read, and how far messages have reached a device of theirs. */
export interface Pointers {
  lastReadSeq: number;
  lastDeliveredSeq: number;
}

/** Of the other members, by user id. */
export type Receipts = Readonly<Record<string, Pointers>>;

/** Pointers never go back, and what was read was delivered. */
export function withReceipt(
  receipts: Receipts,
  userId: string,
  fresh: Partial<Pointers>,
): Receipts {
  const known = receipts[userId] ?? { lastReadSeq: 0, lastDeliveredSeq: 0 };
  const lastReadSeq = Math.max(known.lastReadSeq, fresh.lastReadSeq ?? 0);
  const lastDeliveredSeq = Math.max(
    ...[known.lastDeliveredSeq, fresh.lastDeliveredSeq ?? 0, lastReadSeq],
  );
  const same = lastReadSeq === known.lastReadSeq && lastDeliveredSeq === known.lastDeliveredSeq;
  return same && userId in receipts
    ? receipts
    : { ...receipts, [userId]: { lastReadSeq, lastDeliveredSeq } };
}

/** Whoever says something has read what was said before; told only where receipts are. */
export function withSenders(receipts: Receipts, messages: readonly Message[]): Receipts {
  return messages
    .filter(({ senderId, type }) => type !== 'system' && senderId in receipts)
    .reduce(
      (known, { senderId, seq }) => withReceipt(known, senderId, { lastReadSeq: seq }),
      receipts,
    );
}
