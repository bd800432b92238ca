import { Redis } from 'ioredis';

export type { Redis };

/** Reconnects quickly at first, then about once a second, for ever. */
const retryStrategy = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

/**
 * For those who must not wait: a command while Redis is away fails at once instead of queueing. `onError`
 * hears of connection faults (they heal by themselves).
 */
export function connectImpatiently(url: string, onError: (error: Error) => void): Redis {
  return listening(
    new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: 2_000,
      commandTimeout: 2_000,
      retryStrategy,
    }),
    onError,
  );
}

/** For what is asked in passing, beside every call: an answer within a tenth of a second, or none. */
export function connectInPassing(url: string, onError: (error: Error) => void): Redis {
  return listening(
    new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: 100,
      retryStrategy,
    }),
    onError,
  );
}

/** For a BullMQ worker, whose blocking commands wait as long as it takes. */
export function connectPatiently(url: string, onError: (error: Error) => void): Redis {
  return listening(
    new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 2_000, retryStrategy }),
    onError,
  );
}

function listening(redis: Redis, onError: (error: Error) => void): Redis {
  redis.on('error', onError);
  return redis;
}
