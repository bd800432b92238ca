import pRetry from 'p-retry';

import { databaseFault } from '../db/database-fault.ts';

/**
 * For calls that are one transaction: what gave up waiting for a lock, or met a deadlock, changed nothing, so it is tried
 * again, for some seconds.
 */
export function tryAgain<T>(call: () => Promise<T>): Promise<T> {
  return pRetry(call, {
    retries: 6,
    minTimeout: 100,
    maxTimeout: 1_000,
    randomize: true,
    shouldRetry: ({ error }) => ['busy', 'undone'].includes(databaseFault(error)),
  });
}
