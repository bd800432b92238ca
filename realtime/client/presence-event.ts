import type { Presence, PresenceStatus } from '../contract/primitives.ts';

const STATUSES: readonly PresenceStatus[] = ['online', 'away', 'offline'];

/** What an event on `chat:{userId}` says of somebody's presence; null for an event of another kind. */
export function readPresenceEvent(event: unknown): Presence | 'resync' | null {
  if (typeof event !== 'object' || event === null || !('type' in event)) return null;
  if (event.type === 'presence_resync') return 'resync';
  if (event.type !== 'presence' || !('userId' in event) || !('status' in event)) return null;
  const { userId } = event;
  const status = STATUSES.find((one) => one === event.status);
  if (typeof userId !== 'string' || status === undefined) return null;
  const version = 'version' in event && typeof event.version === 'number' ? event.version : 0;
  const lastSeenAt =
    'lastSeenAt' in event && typeof event.lastSeenAt === 'string' ? event.lastSeenAt : null;
  return { userId, status, lastSeenAt, version };
}
