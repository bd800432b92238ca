export { CentrifugoCommandError, InvalidCommandError } from './command-error.ts';
export type {
  BroadcastParams,
  BroadcastResult,
  ChannelParams,
  Command,
  CommandOutcome,
  DisconnectParams,
  HistoryParams,
  HistoryPublication,
  HistoryResult,
  Outcome,
  OutcomeOf,
  Outcomes,
  PresenceStatsResult,
  PublishParams,
  PublishResult,
  StreamPosition,
  UnsubscribeParams,
} from './commands.ts';
export {
  createCentrifugeServerClient,
  type CallOptions,
  type CentrifugeServerClient,
  type CentrifugeServerClientOptions,
} from './create-centrifuge-server-client.ts';
export {
  createTokenIssuer,
  type IssuedToken,
  type TokenIssuer,
  type TokenIssuerOptions,
} from './create-token-issuer.ts';
export { rawJson, type RawJson } from './raw-json.ts';
export { CentrifugoTransportError, type CentrifugoTransportErrorCode } from './transport-error.ts';
