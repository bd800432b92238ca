import type { UserPresence } from '@rov/realtime/react';

import { clockTime, dayWords } from './time-words.ts';

/** Whether somebody is there, or since when not; `unknown` while nothing can be heard. */
export function presenceWords(
  { status, lastSeenAt }: Pick<UserPresence, 'status' | 'lastSeenAt'>,
  now: number,
): string {
  if (status === 'online') return 'active now';
  if (status !== 'offline' || lastSeenAt === null) return status;
  const at = Date.parse(lastSeenAt);
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'active a moment ago';
  if (minutes < 60) return `active ${minutes} min ago`;
  const day = dayWords(at, now);
  if (day === 'Today') return `last seen at ${clockTime(at)}`;
  return day === 'Yesterday' ? 'last seen yesterday' : `last seen on ${day}`;
}
