import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A connection whose answers do not get through, with what it was held for: all that came in one piece. */
export type Held = { asked: string; resetConnection(): void };

export type TcpProxy = {
  port: number;
  /** The local ports of its open connections to the server, by which the server may tell whose they are. */
  ports(): number[];
  /** Refuses connections and resets those that are open. */
  cut(): Promise<void>;
  /** Accepts again, on the same port. */
  mend(): Promise<void>;
  /** Lets nothing through, in either direction: not even that one side has gone. */
  freeze(): void;
  thaw(): void;
  /**
   * From the moment when a client sends `text`, the server's answers on that connection are dropped. Resolves with
   * the first of them: the server has done what it was asked, and nobody has heard of it.
   */
  holdAnswerTo(text: string): Promise<Held>;
  /** The same, and the connection is reset at once. */
  swallowAnswerTo(text: string): void;
  /** Everything that comes later takes as many ms longer as this says, each way; the order stays. */
  slowDown(delayMs: () => number): void;
  close(): Promise<void>;
};

/** Stands between a client and a server on 127.0.0.1, to break what is between them. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const toServer = new Set<Socket>();
  let frozen = false;
  const onThaw: (() => void)[] = [];
  let delayMs: (() => number) | null = null;
  let watch: { text: string; answered: (held: Held) => void } | null = null;

  const accept = (client: Socket): void => {
    const server = connect(target);
    toServer.add(server);
    server.once('close', () => toServer.delete(server));
    let answered: (() => void) | null = null;
    const reset = (): void => {
      client.resetAndDestroy();
      server.destroy();
    };
    const unlessFrozen = (end: () => void): void => {
      if (frozen) onThaw.push(end);
      else end();
    };
    const passOn = passer(() => delayMs);
    const giveBack = passer(() => delayMs);
    for (const socket of [client, server]) {
      sockets.add(socket);
      if (frozen) socket.pause();
      socket.on('error', () => unlessFrozen(reset));
      socket.on('close', () => {
        sockets.delete(socket);
        unlessFrozen(() => {
          client.destroy();
          server.destroy();
        });
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (watch && chunk.includes(watch.text)) {
        const { answered: tell } = watch;
        watch = null;
        answered = () => tell({ asked: chunk.toString(), resetConnection: reset });
      }
      passOn(server, chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (answered) answered();
      else giveBack(client, chunk);
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

  const holdAnswerTo: TcpProxy['holdAnswerTo'] = (text) =>
    new Promise((answered) => {
      watch = { text, answered };
    });

  return {
    port,
    ports: () => [...toServer].flatMap(({ localPort }) => localPort ?? []),
    cut,
    mend: async () => void (await listen(port)),
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const end of onThaw.splice(0)) end();
      for (const socket of sockets) socket.resume();
    },
    holdAnswerTo,
    swallowAnswerTo: (text) => void holdAnswerTo(text).then((held) => held.resetConnection()),
    slowDown: (delay) => {
      delayMs = delay;
    },
    close: cut,
  };
}

/** Writes at once, or later and still in order. */
function passer(delay: () => (() => number) | null): (to: Socket, chunk: Buffer) => void {
  const waiting: Buffer[] = [];
  let due = 0;
  return (to, chunk) => {
    const now = performance.now();
    const delayMs = delay()?.() ?? 0;
    if (delayMs === 0 && waiting.length === 0) {
      to.write(chunk);
      return;
    }
    waiting.push(chunk);
    due = Math.max(due, now + delayMs);
    // Timers of different lengths may fire in another order than they are due: each lets the oldest go.
    setTimeout(() => to.write(waiting.shift()!), due - now);
  };
}
