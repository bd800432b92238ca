import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

export type Listening = {
  readonly port: number;
  /** Takes no new request, lets those under way end, and drops what has not ended by then. */
  close(graceMs?: number): Promise<void>;
};

/** Rejects when the port cannot be had. Port 0 is any free one. */
export async function listen(
  app: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createServer(app);
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port to listen on');
  return {
    port: address.port,
    close: async (graceMs = 1_500) => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
