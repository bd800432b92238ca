import type postgres from 'postgres';

import { until } from './until.ts';
import { waitingCalls } from './waiting-calls.ts';

export type Held = {
  /** Resolves once this many calls of the function, `send_message` for example, wait for a lock. */
  waiting: (call: string, count?: number) => Promise<void>;
  /** Lets them go, in the order in which they came; also done once the work is over. */
  release: () => void;
};

/**
 * Keeps a conversation's row locked in a session of its own while `work` runs, so that a test can put whatever wants
 * the lock into an order. A call of the API gives up after a second.
 */
export async function holdConversation<T>(
  { sql, id }: { sql: postgres.Sql; id: string },
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = sql.begin(async (tx) => {
    await tx`SELECT FROM conversations WHERE id = ${id} FOR UPDATE`;
    held.resolve();
    await released.promise;
  });
  await held.promise;
  try {
    return await work({
      waiting: (call, count = 1) =>
        until(async () => (await waitingCalls(sql, call)).length >= count, {
          timeoutMs: 10_000,
          what: `${count} of ${call} to wait for a lock`,
        }),
      release: () => released.resolve(),
    });
  } finally {
    released.resolve();
    await holding;
  }
}
