import type { Profile } from '@rov/realtime';
import { LRUCache } from 'lru-cache';

/** Takes a caller over as a user. Costs a statement only when something about them is new. */
export type RememberProfile = (profile: Profile) => Promise<void>;

type Memory = {
  store: (profile: Profile) => Promise<void>;
  /** How many users are remembered; the one not seen longest is forgotten first. */
  capacity: number;
  /** For how long a profile counts as stored, so that a restored database learns of its users again. */
  keptMs: number;
  now?: () => number;
};

export function createRememberProfile({
  store,
  capacity,
  keptMs,
  now = Date.now,
}: Memory): RememberProfile {
  const known = new LRUCache<string, { claims: string; storedAt: number }>({ max: capacity });

  return async (profile) => {
    const claims = JSON.stringify([profile.name, profile.username, profile.image]);
    const last = known.get(profile.id);
    const isFresh = last !== undefined && last.claims === claims && now() - last.storedAt < keptMs;
    if (isFresh) return;
    await store(profile);
    known.set(profile.id, { claims, storedAt: now() });
  };
}
