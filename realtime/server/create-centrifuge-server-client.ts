import type {
  BroadcastParams,
  ChannelParams,
  Command,
  DisconnectParams,
  HistoryParams,
  Method,
  Methods,
  Outcomes,
  PublishParams,
  UnsubscribeParams,
} from './commands.ts';
import { encodeParams, wireName } from './encode-command.ts';
import { createPost } from './post.ts';
import type { Post } from './post.ts';
import { readReplies, readReply } from './read-replies.ts';
import { CentrifugoTransportError } from './transport-error.ts';

export interface CentrifugeServerClientOptions {
  /** Centrifugo's HTTP address, for example `http://localhost:8000`; with or without `/api`. */
  url: string;
  /** `http_api.key` of Centrifugo. */
  apiKey: string;
  /** The most sockets at once; further calls wait. Default 8. */
  connections?: number | undefined;
  /** For a whole call, the wait for a free socket included. Default 5,000. */
  timeoutMs?: number | undefined;
  /** Default 1,000. */
  connectTimeoutMs?: number | undefined;
  /** How long an idle socket is kept; must stay below the server's 30 s. Default 10,000. */
  keepAliveMs?: number | undefined;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export interface CentrifugeServerClient {
  /** One publication. @example await centrifugo.publish({ channel: 'chat:ann', data: { type: 'hello' } }) */
  publish(params: PublishParams, options?: CallOptions): Promise<Methods['publish']['result']>;

  /** The same to many channels; one outcome each. @example await centrifugo.broadcast({ channels, data }) */
  broadcast(
    params: BroadcastParams,
    options?: CallOptions,
  ): Promise<Methods['broadcast']['result']>;

  /**
   * Runs commands one after the other in one request, never in parallel (Centrifugo loses versioned
   * publications then). A failed command does not stop those behind it. No command, no request.
   *
   * @example
   * const [first] = await centrifugo.batch([{ method: 'publish', channel, data: rawJson(text), version: 7 }]);
   * if (!first.ok) console.error(first.error.code);
   */
  batch<const Commands extends readonly Command[]>(
    commands: Commands,
    options?: CallOptions,
  ): Promise<Outcomes<Commands>>;

  /** Ends a user's subscription. No revocation: its token stays good. @example await centrifugo.unsubscribe({ user, channel }) */
  unsubscribe(params: UnsubscribeParams, options?: CallOptions): Promise<void>;

  /** Ends a user's connections. @example await centrifugo.disconnect({ user, code: 4501, reason: 'signed out' }) */
  disconnect(params: DisconnectParams, options?: CallOptions): Promise<void>;

  /** How many are on a channel now. @example (await centrifugo.presenceStats({ channel: 'chat:ann' })).numClients */
  presenceStats(
    params: ChannelParams,
    options?: CallOptions,
  ): Promise<Methods['presenceStats']['result']>;

  /** A channel's position and kept publications. @example await centrifugo.history({ channel, limit: 100 }) */
  history(params: HistoryParams, options?: CallOptions): Promise<Methods['history']['result']>;

  /** Forgets a channel's kept publications; offsets go on. @example await centrifugo.historyRemove({ channel }) */
  historyRemove(params: ChannelParams, options?: CallOptions): Promise<void>;

  /** Waits for calls under way, then closes the sockets. Later calls end as `aborted`. @example await centrifugo.close() */
  close(): Promise<void>;
}

/**
 * A client for Centrifugo's HTTP API. It never repeats a call by itself: whether a repeat is right depends
 * on the idempotency key, so callers wrap it (p-retry, a queue).
 *
 * Every call throws `CentrifugoTransportError` where there was no usable answer and
 * `InvalidCommandError` before sending. Single calls throw `CentrifugoCommandError` where
 * Centrifugo answered with an error; `batch` and `broadcast` return such answers in place.
 *
 * @example
 * const centrifugo = createCentrifugeServerClient({ url: 'http://localhost:8000', apiKey });
 * await centrifugo.publish({ channel: 'chat:ann', data: { type: 'new_message', conversationId } });
 */
export function createCentrifugeServerClient(
  options: CentrifugeServerClientOptions,
): CentrifugeServerClient {
  if (!/^[\x21-\x7e]+$/.test(options.apiKey)) {
    throw new TypeError('apiKey must be printable ASCII without spaces');
  }
  const { post, close } = createPost({
    url: options.url,
    apiKey: options.apiKey,
    connections: options.connections ?? 8,
    timeoutMs: options.timeoutMs ?? 5_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 1_000,
    keepAliveMs: options.keepAliveMs ?? 10_000,
  });

  const run = single(post);

  return {
    publish: (params, call) => run<'publish'>({ ...params, method: 'publish' }, call),
    broadcast: (params, call) => run<'broadcast'>({ ...params, method: 'broadcast' }, call),
    batch: sequence(post),
    unsubscribe: async (params, call) => {
      await run<'unsubscribe'>({ ...params, method: 'unsubscribe' }, call);
    },
    disconnect: async (params, call) => {
      await run<'disconnect'>({ ...params, method: 'disconnect' }, call);
    },
    presenceStats: (params, call) =>
      run<'presenceStats'>({ ...params, method: 'presenceStats' }, call),
    history: (params, call) => run<'history'>({ ...params, method: 'history' }, call),
    historyRemove: async (params, call) => {
      await run<'historyRemove'>({ ...params, method: 'historyRemove' }, call);
    },
    close,
  };
}

/** One command a request. What Centrifugo answers with an error is thrown. */
function single(post: Post) {
  return async function run<M extends Method>(
    command: Extract<Command, { method: M }>,
    { signal }: CallOptions = {},
  ): Promise<Methods[M]['result']> {
    const body = encodeParams(command, 0);
    const text = await post({ method: wireName[command.method], body, signal });
    const outcome = understand(text, {
      holdsMessages: command.method === 'history',
      read: (json) => readReply(command, json),
    });
    if (!outcome.ok) throw outcome.error;
    return outcome.result;
  };
}

/** Many commands a request, each with its outcome. */
function sequence(post: Post): CentrifugeServerClient['batch'] {
  return async function batch<const Commands extends readonly Command[]>(
    commands: Commands,
    { signal }: CallOptions = {},
  ): Promise<Outcomes<Commands>> {
    const encoded = commands.map(
      (command, index) => `{"${wireName[command.method]}":${encodeParams(command, index)}}`,
    );
    const body = `{"commands":[${encoded.join(',')}]}`;
    const text = encoded.length === 0 ? '{}' : await post({ method: 'batch', body, signal });
    const outcomes = understand(text, {
      holdsMessages: commands.some((command) => command.method === 'history'),
      read: (json) => readReplies(commands, json),
    });
    // One outcome per command, of the same method and in the same order: readReplies made sure of it.
    // oxlint-disable-next-line typescript/consistent-type-assertions -- see above
    return outcomes as Outcomes<Commands>;
  };
}

/** A 200 that cannot be read says nothing about whether the commands ran. */
function understand<T>(
  text: string,
  { holdsMessages, read }: { holdsMessages: boolean; read: (json: unknown) => T },
): T {
  try {
    return read(JSON.parse(text));
  } catch (cause) {
    throw new CentrifugoTransportError('Centrifugo’s answer could not be read', {
      code: 'ambiguous',
      sent: true,
      status: 200,
      body: holdsMessages ? undefined : text,
      // A SyntaxError quotes what it could not parse.
      cause: holdsMessages && cause instanceof SyntaxError ? undefined : cause,
    });
  }
}
