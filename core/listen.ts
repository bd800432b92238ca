import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export type Listening = {
  port: number;
  /**
   * Waits `noticeMs` for a load balancer to see the red `/readyz`, then takes no more connections, lets requests
   * finish for `finishMs`, and ends what is left.
   */
  close: (times?: { noticeMs?: number; finishMs?: number }) => Promise<void>;
};

/** Listens at an address. Rejects when the port is taken. */
export async function listen(
  handler: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, handler);
  // Longer than load balancers keep theirs, so that it is never us who closes one in use.
  server.keepAliveTimeout = 75_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server without a port');

  return {
    port: address.port,
    async close({ noticeMs = 0, finishMs = 1_500 } = {}) {
      await pause(noticeMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection whose last request just ended would be kept open for the next one.
      const tidying = setInterval(() => server.closeIdleConnections(), 50);
      const impatience = setTimeout(() => server.closeAllConnections(), finishMs);
      await closed;
      clearInterval(tidying);
      clearTimeout(impatience);
    },
  };
}
