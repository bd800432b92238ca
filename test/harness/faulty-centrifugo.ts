import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** One command of a batch, as it was on the wire: `{"publish": {…}}`. */
export type WireCommand = Record<string, Record<string, unknown>>;

export type Exchange = {
  commands: WireCommand[];
  /** Sends these commands, all of them unless said otherwise, and gives Centrifugo's replies. */
  forward: (commands?: WireCommand[]) => Promise<unknown[]>;
};

/** What comes back to the caller: replies, a broken connection, or nothing at all. */
export type Fate = { replies: unknown[] } | 'cut' | 'silence';

export type Fault = (exchange: Exchange) => Promise<Fate>;

/**
 * Stands between a worker and its Centrifugo, passes batches on, and keeps a copy of each. One that has a fault in its
 * way meets that instead; everything else about the server behind is real.
 */
export type FaultyCentrifugo = {
  url: string;
  /** Every batch that came in, the oldest first. */
  batches: readonly WireCommand[][];
  /** The next batch meets this; further ones queue up. */
  next(fault: Fault): void;
  /** Every batch that has no fault of its own meets this, until it is taken away. */
  always(fault: Fault | undefined): void;
  close(): Promise<void>;
};

export async function startFaultyCentrifugo(target: {
  url: string;
  apiKey: string;
}): Promise<FaultyCentrifugo> {
  const batches: WireCommand[][] = [];
  const faults: Fault[] = [];
  let standing: Fault | undefined;
  const silent: ServerResponse[] = [];

  const send = async (commands: WireCommand[]): Promise<unknown[]> => {
    const answer = await fetch(`${target.url}/api/batch`, {
      method: 'POST',
      headers: { 'x-api-key': target.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ commands }),
    });
    const { replies = [] } = (await answer.json()) as { replies?: unknown[] };
    return replies;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { commands } = JSON.parse(await bodyOf(request)) as { commands: WireCommand[] };
    batches.push(commands);
    const fault =
      faults.shift() ?? standing ?? (async ({ forward }) => ({ replies: await forward() }));
    const fate = await fault({ commands, forward: (some = commands) => send(some) });
    if (fate === 'silence') silent.push(response);
    else if (fate === 'cut') request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(fate));
  };
  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    batches,
    next: (fault) => void faults.push(fault),
    always: (fault) => {
      standing = fault;
    },
    close: async () => {
      for (const response of silent) response.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
