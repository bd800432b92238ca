import type { Transcript } from '@rov/realtime/client';

/** Whether the log holds the place where a message of this number stands. */
export function isLoaded({ epoch, items, hasOlder, hasNewer }: Transcript, seq: number): boolean {
  const first = items[0]?.seq ?? 0;
  const last = items.at(-1)?.seq ?? 0;
  return epoch !== null && (!hasOlder || seq >= first) && (!hasNewer || seq <= last);
}
