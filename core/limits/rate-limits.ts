import { createHash } from 'node:crypto';

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

import type { Redis } from '../redis/connect-redis.ts';
import type { Limited, Quota, Quotas } from './quotas.ts';

/** How long Redis is left alone after it failed to answer: each call would wait for it in vain. */
const LEFT_ALONE_MS = 1_000;

export type Count = {
  quota: Quota;
  isAllowed: boolean;
  /** How many calls are left, until the count begins anew in `resetMs`. */
  left: number;
  resetMs: number;
};

export type RateLimits = {
  /** Counts a call of a user. Never fails, and never waits longer than Redis is given for an answer. */
  count: (limited: Limited, userId: string) => Promise<Count>;
};

/**
 * Counts calls by user in Redis, so that all processes count together; while it is away or silent each process counts
 * for itself. A count lasts for as long as its quota says, from its first call on.
 */
export function createRateLimits(options: {
  redis: Redis;
  /** Before the keys in Redis, which hold no user's id but a hash of it. */
  prefix: string;
  quotas: Quotas;
  onFallback: () => void;
}): RateLimits {
  const { redis, prefix, quotas, onFallback } = options;
  const counters = new Map(
    Object.entries(quotas).map(([limited, { calls: points, seconds: duration }]) => {
      const keyPrefix = `${prefix}:limit:${limited}`;
      return [
        limited,
        {
          shared: new RateLimiterRedis({
            storeClient: redis,
            ...{ keyPrefix, points, duration },
            rejectIfRedisNotReady: true,
            // Who is over it already costs Redis nothing more.
            inMemoryBlockOnConsumed: points + 1,
          }),
          own: new RateLimiterMemory({ keyPrefix, points, duration }),
        },
      ];
    }),
  );
  let leftAloneUntil = 0;

  return {
    count: async (limited, userId) => {
      const quota = quotas[limited];
      const counter = counters.get(limited);
      if (!counter) throw new Error(`Nothing counts ${limited}`);
      const key = createHash('sha256').update(userId).digest('base64url').slice(0, 22);
      const isAlone = performance.now() < leftAloneUntil;
      const together = isAlone ? null : await countIn(counter.shared, { key, quota });
      if (together) return together;
      if (!isAlone) {
        leftAloneUntil = performance.now() + LEFT_ALONE_MS;
        onFallback();
      }
      const alone = await countIn(counter.own, { key, quota });
      return alone ?? { quota, isAllowed: true, left: quota.calls, resetMs: 0 };
    },
  };
}

/** Null when nobody counted it. */
async function countIn(
  counter: RateLimiterRedis | RateLimiterMemory,
  { key, quota }: { key: string; quota: Quota },
): Promise<Count | null> {
  try {
    return countOf(await counter.consume(key), { quota, isAllowed: true });
  } catch (refused) {
    return refused instanceof RateLimiterRes ? countOf(refused, { quota, isAllowed: false }) : null;
  }
}

function countOf(
  { remainingPoints, msBeforeNext }: RateLimiterRes,
  verdict: { quota: Quota; isAllowed: boolean },
): Count {
  return { ...verdict, left: Math.max(0, remainingPoints), resetMs: Math.max(0, msBeforeNext) };
}
