import type { Message } from '@rov/realtime';
import { useState } from 'react';

/** How many messages of others came below what the reader has seen of this log. */
export function useUnseen({
  messages,
  me,
  seenTo,
  seenAtFirst,
}: {
  messages: readonly Message[];
  me: string;
  /** The last `seq` that was on the screen. */
  seenTo: number;
  /** The last `seq` that was read before; null when nothing was unread. */
  seenAtFirst: number | null;
}): number {
  const newest = messages.at(-1)?.seq ?? 0;
  const [seen, setSeen] = useState(seenAtFirst ?? newest);
  if (seenTo > seen) setSeen(seenTo);
  return messages.filter(({ seq, senderId }) => seq > seen && senderId !== me).length;
}
