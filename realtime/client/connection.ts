import { Centrifuge, State } from 'centrifuge';

import { createCell } from './cell.ts';
import type { Cell } from './cell.ts';
import type { ChannelListener } from './channel-listeners.ts';
import { createChannel } from './channel.ts';
import type { GetPosition } from './channel.ts';
import { createChannels } from './channels.ts';
import { createConnectionTokens, LONGEST_WAIT_MS } from './connection-tokens.ts';
import { RealtimeError, transientError } from './realtime-error.ts';

export interface ConnectionOptions {
  /** Asked before each attempt and after the token, whose answer may have told the address. */
  address: () => string;
  /** Throws `UnauthorizedError` to stop. Without it the connection lives on offered tokens. */
  getToken?: (() => Promise<string>) | undefined;
  /** The first token offered. */
  token?: string | undefined;
  getPosition?: GetPosition | undefined;
  report: (error: unknown) => void;
  lingerMs?: number | undefined;
}

export interface Connection {
  /** Listens to a channel; many may listen to the same. Returns the way to stop. */
  subscribe: (channel: string, listener: ChannelListener) => () => void;
  /** A token to use when the next one is needed. The socket stays. */
  offerToken: (token: string) => void;
  /** Whose connection this is, as soon as a token told. */
  userId: Cell<string | undefined>;
  close: () => void;
}

/** One socket to Centrifugo. It connects at once and comes back by itself until it is closed or refused. */
export function createConnection(options: ConnectionOptions): Connection {
  const { report, getPosition, getToken, token } = options;
  const userId = createCell<string | undefined>(undefined);
  const tokens = createConnectionTokens({ getToken, token, userId });
  const client = new Centrifuge('ws://address.is.known.later', {
    getToken: tokens.next,
    websocket: socketTo(options.address),
    maxReconnectDelay: LONGEST_WAIT_MS,
  });
  const channels = createChannels({
    open: (name) => createChannel({ client, name, getPosition, report }),
    lingerMs: options.lingerMs ?? 0,
  });

  /**
   * With an expired token the SDK first goes the whole way to a refusal, and waits once more, before it
   * asks for a new one. Only a token whose time has passed is forgotten: after an outage every client
   * would call the token endpoint at each attempt otherwise.
   */
  function forgetUsedUpToken() {
    if (tokens.usedUp()) client.setToken('');
  }

  client.on('connecting', forgetUsedUpToken);
  client.on('error', ({ error }) => {
    forgetUsedUpToken();
    channels.connectionFailed(transientError(error, tokens.fault()), { final: false });
  });
  client.on('disconnected', ({ code: number, reason }) => {
    if (number === 0) return;
    const code = number === 1 ? 'unauthorized' : 'disconnected';
    const facts = { code, number, cause: tokens.fault() } as const;
    channels.connectionFailed(new RealtimeError(`The connection ended: ${reason}`, facts), {
      final: true,
    });
  });
  client.connect();

  return {
    userId,
    subscribe: (name, listener) => {
      if (client.state === State.Disconnected) client.connect();
      return channels.listen(name, listener);
    },
    offerToken: (fresh) => {
      if (!tokens.offer(fresh)) {
        const message = 'A token of another user needs a connection of its own';
        report(new RealtimeError(message, { code: 'foreign_token' }));
      } else if (client.state === State.Disconnected) {
        client.setToken('');
        client.connect();
      }
    },
    close: () => {
      client.disconnect();
      channels.clear();
    },
  };
}

/** The SDK wants an address when it is made; ours may arrive with the first token. */
function socketTo(address: () => string) {
  return function SocketToAddress(): WebSocket {
    return new WebSocket(address());
  };
}
