import { Centrifuge, State } from 'centrifuge';

import { createCell, type Cell } from './cell.ts';
import {
  createChannel,
  type Channel,
  type ChannelListener,
  type StreamPosition,
} from './channel.ts';
import { RealtimeError } from './realtime-error.ts';
import { tokenClaims } from './token-claims.ts';

export interface ConnectionOptions {
  /** Asked before each attempt and after the token, whose answer may have told the address. */
  address: () => string;
  /** Throws `UnauthorizedError` to stop. Without it the connection lives on offered tokens. */
  getToken?: (() => Promise<string>) | undefined;
  /** The first token offered. */
  token?: string | undefined;
  getPosition?: ((channel: string) => Promise<StreamPosition>) | undefined;
  report: (error: unknown) => void;
  /** How long a channel without listeners stays subscribed. React removes and adds within one tick. */
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
  const { report, lingerMs = 0 } = options;
  const channels = new Map<string, Channel>();
  const userId = createCell<string | undefined>(undefined);
  const tokens = createTokens(options, userId);

  const client = new Centrifuge('ws://address.is.known.later', {
    getToken: tokens.next,
    websocket: socketTo(options.address),
    maxReconnectDelay: 5_000,
  });
  client.on('connecting', forgetExpiredToken);
  client.on('error', ({ error, type }) => {
    forgetExpiredToken();
    const cause = tokens.fault();
    failed(
      new RealtimeError(`${type}: ${error.message}`, {
        code: 'transient',
        number: error.code,
        cause,
      }),
      false,
    );
  });
  client.on('disconnected', ({ code, reason }) => {
    if (code === 0) return;
    const error = new RealtimeError(`The connection ended: ${reason}`, {
      code: code === 1 ? 'unauthorized' : 'disconnected',
      number: code,
      cause: tokens.fault(),
    });
    failed(error, true);
  });
  client.connect();

  /**
   * With an expired token the SDK first goes the whole way to a refusal, and waits once more, before it
   * asks for a new one. Only a token whose time has passed is forgotten: after an outage every client
   * would call the token endpoint at each attempt otherwise.
   */
  function forgetExpiredToken() {
    if (tokens.expired()) client.setToken('');
  }

  function failed(error: RealtimeError, final: boolean) {
    for (const channel of channels.values()) channel.connectionFailed(error, final);
  }

  function channelOf(name: string): Channel {
    const known = channels.get(name);
    if (known) return known;
    const channel = createChannel({ client, name, getPosition: options.getPosition, report });
    channels.set(name, channel);
    return channel;
  }

  function closeUnheard(name: string, channel: Channel) {
    if (channel.listeners() > 0 || channels.get(name) !== channel) return;
    channels.delete(name);
    channel.close();
  }

  return {
    userId,
    subscribe: (name, listener) => {
      const channel = channelOf(name);
      if (client.state === State.Disconnected) client.connect();
      const remove = channel.add(listener);
      return () => {
        remove();
        setTimeout(() => closeUnheard(name, channel), lingerMs);
      };
    },
    offerToken: (token) => {
      const known = userId.get();
      const offered = tokenClaims(token).userId;
      if (known !== undefined && offered !== undefined && known !== offered) {
        report(
          new RealtimeError('A token of another user needs a connection of its own', {
            code: 'foreign_token',
          }),
        );
        return;
      }
      tokens.offer(token);
      if (client.state !== State.Disconnected) return;
      client.setToken('');
      client.connect();
    },
    close: () => {
      client.disconnect();
      channels.clear();
    },
  };
}

/** Which token comes next: an offered one that was not used yet, else a fetched one. */
function createTokens(
  { getToken: fetchToken, token }: Pick<ConnectionOptions, 'getToken' | 'token'>,
  userId: Cell<string | undefined>,
) {
  let offered = token;
  let used: string | undefined;
  let fault: unknown;

  async function choose(): Promise<string> {
    if (offered !== undefined && offered !== used) return offered;
    if (fetchToken) return fetchToken();
    throw new RealtimeError('The token is used up: pass a new one, or getToken', {
      code: 'token_expired',
    });
  }

  return {
    next: async (): Promise<string> => {
      try {
        used = await choose();
        fault = undefined;
        userId.set(tokenClaims(used).userId ?? userId.get());
        return used;
      } catch (error) {
        fault = error;
        throw error;
      }
    },
    offer: (token: string) => {
      offered = token;
    },
    /** False without a way to another token: then a clock that is wrong must not throw away a good one. */
    expired: (): boolean => {
      const other = fetchToken !== undefined || offered !== used;
      const expiresAtMs = used === undefined ? undefined : tokenClaims(used).expiresAtMs;
      return other && expiresAtMs !== undefined && expiresAtMs <= Date.now();
    },
    fault: () => fault,
  };
}

/** The SDK wants an address when it is made; ours may arrive with the first token. */
function socketTo(address: () => string) {
  return function SocketToAddress(): WebSocket {
    return new WebSocket(address());
  };
}
