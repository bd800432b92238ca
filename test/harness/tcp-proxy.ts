import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export type TcpProxy = {
  port: number;
  /** Refuses connections and resets those that are open. */
  cut(): Promise<void>;
  /** Accepts again, on the same port. */
  mend(): Promise<void>;
  /** Keeps every connection open and lets nothing through, in either direction. */
  freeze(): void;
  thaw(): void;
  /**
   * From the moment when a client sends `text`, the server's answers on that connection are dropped, and with
   * the first of them the connection is reset: the server has done what it was asked, and nobody hears of it.
   */
  swallowAnswerTo(text: string): void;
  close(): Promise<void>;
};

/** Stands between a client and a server on 127.0.0.1, to break what is between them. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let fatal: string | null = null;

  const accept = (client: Socket): void => {
    const server = connect(target);
    let doomed = false;
    const reset = (): void => {
      client.resetAndDestroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      if (frozen) socket.pause();
      socket.on('error', reset).on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (fatal !== null && chunk.includes(fatal)) {
        fatal = null;
        doomed = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (doomed) reset();
      else client.write(chunk);
    });
  };

  let listener: Server | null = null;
  const listen = async (port: number): Promise<number> => {
    const opening = createServer(accept);
    await new Promise<void>((resolve) => opening.listen(port, '127.0.0.1', resolve));
    listener = opening;
    return (opening.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const cut = async (): Promise<void> => {
    const closing = listener;
    listener = null;
    const closed = new Promise<void>((resolve) => {
      if (closing) closing.close(() => resolve());
      else resolve();
    });
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };

  return {
    port,
    cut,
    mend: async () => void (await listen(port)),
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    swallowAnswerTo: (text) => {
      fatal = text;
    },
    close: cut,
  };
}
