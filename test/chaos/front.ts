import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Agent, request as ask } from 'undici';

import type { WireCommand } from '../harness/faulty-centrifugo.ts';
import { failuresIn } from './front-failures.ts';

/** What the worker gets back: an answer, a broken connection, or nothing for as long as this behaviour lasts. */
export type Fate = { status: number; body: string } | 'cut' | 'silence';

/** A request of the worker that publishes something. */
export type Call = {
  commands: readonly WireCommand[];
  /** Has Centrifugo do this (all of it unless said otherwise, as one batch), and gives its answer; `cut` when there is none. */
  forward: (commands?: readonly WireCommand[]) => Promise<Fate>;
};

export type Behaviour = (call: Call) => Promise<Fate>;

/** A call as the worker met it; `commands` are null where it published nothing. */
export type Met = {
  at: number;
  tookMs: number;
  commands: readonly WireCommand[] | null;
  fate: Fate;
};

/**
 * Stands between one worker and the nodes of Centrifugo, takes them in turn, and passes everything on as it is, until
 * it is told to behave otherwise.
 */
export type Front = {
  url: string;
  /** Every call that was answered or broken, the oldest first. */
  met: readonly Met[];
  /** Until `null`, calls that publish meet this; what was left in silence then ends. */
  behave: (behaviour: Behaviour | null) => void;
  /** Refuses connections, as the port of a process that is gone. */
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
  close: () => Promise<void>;
};

export type FrontOptions = {
  nodes: () => readonly string[];
  /**
   * Hears of every publication that Centrifugo itself answered with an error, on that channel: what stood behind it was
   * done, so that its repeat comes behind it.
   */
  onFailure: (channel: string, key: string) => void;
};

/** Longer than any pause of a node: whoever waits gives up first. */
const PATIENCE_MS = 30_000;

export async function startFront({ nodes, onFailure }: FrontOptions): Promise<Front> {
  const agent = new Agent({
    pipelining: 1,
    connect: { timeout: 1_000 },
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  const met: Met[] = [];
  const silent = new Set<IncomingMessage>();
  let behaviour: Behaviour | null = null;
  let turn = 0;

  const forward = async ({ url = '', headers }: IncomingMessage, body: string): Promise<Fate> => {
    const all = nodes();
    turn += 1;
    for (let node = 0; node < all.length; node += 1) {
      try {
        const answer = await ask(`${all[(turn + node) % all.length]}${url}`, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-api-key': String(headers['x-api-key']),
          },
          body,
        });
        return { status: answer.statusCode, body: await answer.body.text() };
      } catch (error) {
        // Only one that took nothing can be passed over without doing the work twice.
        if ((error as { code?: string }).code !== 'ECONNREFUSED') return 'cut';
      }
    }
    return 'cut';
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = performance.now();
    const body = await bodyOf(request);
    const commands = publishing(request.url ?? '', body);
    const pass: Call['forward'] = async (some) => {
      const answer = await forward(request, some ? JSON.stringify({ commands: some }) : body);
      for (const { channel, key } of failuresIn(answer, some ?? commands ?? [])) {
        onFailure(channel, key);
      }
      return answer;
    };
    const fate =
      behaviour && commands ? await behaviour({ commands, forward: pass }) : await pass();
    met.push({ at, tookMs: performance.now() - at, commands, fate });
    if (fate === 'silence') silent.add(request);
    else if (fate === 'cut') request.socket.destroy();
    else {
      response.statusCode = fate.status;
      response.setHeader('content-type', 'application/json').end(fate.body);
    }
  };

  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goDown = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    met,
    behave: (next) => {
      behaviour = next;
      if (next) return;
      for (const { socket } of silent) socket.destroy();
      silent.clear();
    },
    goDown,
    comeUp: async () => void (await listen(port)),
    close: async () => {
      if (server.listening) await goDown();
      await agent.destroy();
    },
  };
}

/** The commands of a request that tells anybody anything; null for questions. */
function publishing(url: string, body: string): WireCommand[] | null {
  const method = url.slice(url.lastIndexOf('/') + 1);
  const asked = JSON.parse(body) as { commands?: WireCommand[] };
  const commands = method === 'batch' ? (asked.commands ?? []) : [{ [method]: asked }];
  return commands.some((command) => 'publish' in command || 'broadcast' in command)
    ? commands
    : null;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
