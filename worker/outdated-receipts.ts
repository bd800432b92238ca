import * as z from 'zod';

import type { OutboxRow } from '../core/outbox/read-page.ts';

const Payload = z.object({ type: z.string() });

/**
 * The receipts of a page that a later one of it makes pointless: of the same person, in the same conversation, about the
 * same thing. Pointers only grow, and each receipt says all that its predecessors said.
 */
export function outdatedReceipts(rows: readonly OutboxRow[]): ReadonlySet<OutboxRow> {
  const outdated = new Set<OutboxRow>();
  const newest = new Set<string>();
  for (const row of rows.toReversed()) {
    if (row.kind !== 'receipt') continue;
    const type = typeOf(row.payload);
    if (type === null) continue;
    const about = `${row.conversationId} ${row.subject} ${type}`;
    if (newest.has(about)) outdated.add(row);
    newest.add(about);
  }
  return outdated;
}

/** Null where nobody can tell: Centrifugo has the word on such a row, and no other is held up by it. */
function typeOf(payload: string | null): string | null {
  try {
    return Payload.parse(JSON.parse(payload ?? '')).type;
  } catch {
    return null;
  }
}
