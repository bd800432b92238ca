import { LRUCache } from 'lru-cache';

import type { Standing } from '../core/people/standing.ts';
import { Refusal } from './refusal.ts';

/** Who shows a token, and when it was issued; null where it does not say. */
export type TokenHolder = { id: string; issuedAtMs: number | null };

/** Refuses who has signed out since, or is banned. Throws a Refusal. */
export type Admission = {
  /** By what the database says now. */
  now: (holder: TokenHolder) => Promise<void>;
  /** By what it said a moment ago, for calls after which nothing stays open. */
  lately: (holder: TokenHolder) => Promise<void>;
  /** Has the next call ask the database. */
  forget: (userId: string) => void;
};

type Memory = {
  read: (userId: string) => Promise<Standing>;
  /** For how long a process may not know of a ban. */
  keptMs: number;
  /** How many users are remembered; the one not seen longest is forgotten first. */
  capacity: number;
  now?: () => number;
};

export function createAdmission({ read, keptMs, capacity, now = Date.now }: Memory): Admission {
  const known = new LRUCache<string, { standing: Standing; readAt: number }>({ max: capacity });

  async function look(userId: string): Promise<Standing> {
    // Before the question: what it answers may be as old as that.
    const readAt = now();
    const standing = await read(userId);
    known.set(userId, { standing, readAt });
    return standing;
  }

  return {
    now: async (holder) => admit(holder, await look(holder.id)),
    lately: async (holder) => {
      const last = known.get(holder.id);
      const isFresh = last !== undefined && now() - last.readAt < keptMs;
      admit(holder, isFresh ? last.standing : await look(holder.id));
    },
    forget: (userId) => void known.delete(userId),
  };
}

function admit({ issuedAtMs }: TokenHolder, { signedOutAt, isBanned }: Standing): void {
  if (isBanned) throw new Refusal('banned');
  if (signedOutAt === null) return;
  // Issuers tell whole seconds: of the second of the sign-out nobody knows which came first.
  if (issuedAtMs === null || issuedAtMs < signedOutAt.getTime()) throw new Refusal('signed_out');
}
