import type { CentrifugoCommandError } from './command-error.ts';

/** What a publication and a broadcast have in common. */
interface Publication {
  /** Any JSON value, or `rawJson(text)` to be copied as it is. */
  data: unknown;
  /** Centrifugo drops a repeat on the same channel for five minutes. */
  idempotencyKey?: string | undefined;
  /** Not into the channel's history: what is missed stays missed. */
  skipHistory?: boolean | undefined;
  /**
   * A whole number ≤ 2^53 − 1. Centrifugo drops what is not above the channel's last one, and its
   * answer does not tell. Needs history.
   */
  version?: number | undefined;
  versionEpoch?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
}

export interface PublishParams extends Publication {
  channel: string;
}

export interface BroadcastParams extends Publication {
  channels: readonly string[];
}

export interface UnsubscribeParams {
  user: string;
  channel: string;
  /** Only this connection of the user. */
  client?: string | undefined;
}

export interface DisconnectParams {
  user: string;
  /** Only this connection of the user. */
  client?: string | undefined;
  /** All but these connections. */
  whitelist?: readonly string[] | undefined;
  /** 4500–4999 end the session, 4000–4499 let the client come back. Centrifugo's default is 3503, final. */
  code?: number | undefined;
  /** Never sent empty: centrifuge-js would come back after a final code. */
  reason?: string | undefined;
}

export interface ChannelParams {
  channel: string;
}

export interface StreamPosition {
  offset: number;
  epoch: string;
}

export interface HistoryParams {
  channel: string;
  /** How many publications; 0 or nothing asks only for the position, −1 for all. */
  limit?: number | undefined;
  since?: StreamPosition | undefined;
  reverse?: boolean | undefined;
}

/** Where the publication stands in history; absent without history. With `version` it is the channel's top. */
export interface PublishResult {
  offset?: number | undefined;
  epoch?: string | undefined;
}

/** One outcome per channel, in the order of `channels`. */
export interface BroadcastResult {
  responses: readonly Outcome<PublishResult>[];
}

export interface PresenceStatsResult {
  numClients: number;
  numUsers: number;
}

export interface HistoryPublication {
  data: unknown;
  offset: number;
  tags?: Record<string, string> | undefined;
}

export interface HistoryResult extends StreamPosition {
  publications: readonly HistoryPublication[];
}

export type Empty = Record<string, never>;

/** Parameters and results of what a batch may hold. */
export interface Methods {
  publish: { params: PublishParams; result: PublishResult };
  broadcast: { params: BroadcastParams; result: BroadcastResult };
  unsubscribe: { params: UnsubscribeParams; result: Empty };
  disconnect: { params: DisconnectParams; result: Empty };
  presenceStats: { params: ChannelParams; result: PresenceStatsResult };
  history: { params: HistoryParams; result: HistoryResult };
  historyRemove: { params: ChannelParams; result: Empty };
}

export type Method = keyof Methods;

/** One command of a batch: its parameters and its `method`. */
export type Command = { [M in Method]: { method: M } & Methods[M]['params'] }[Method];

/** What became of one command. Narrow by `ok`, and by `method` where a batch is mixed. */
export type Outcome<Result> =
  | { ok: true; result: Result }
  | { ok: false; error: CentrifugoCommandError };

export type CommandOutcome = { [M in Method]: OutcomeOf<M> }[Method];

export type OutcomeOf<M extends Method> =
  | { ok: true; method: M; result: Methods[M]['result'] }
  | { ok: false; method: M; error: CentrifugoCommandError };

/** The outcomes of a batch, in the order of its commands. */
export type Outcomes<Commands extends readonly Command[]> = {
  [I in keyof Commands]: Commands[I] extends { method: infer M extends Method }
    ? { [Each in M]: OutcomeOf<Each> }[M]
    : never;
};
