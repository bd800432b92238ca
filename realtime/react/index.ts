export { UnauthorizedError } from 'centrifuge';
export type { KnownStatus, UserPresence } from '../client/presence-directory.ts';
export type { RealtimeApiOptions } from '../client/realtime-api.ts';
export { RealtimeError, type RealtimeErrorCode } from '../client/realtime-error.ts';
export { RealtimeProvider, type RealtimeProviderProps } from './realtime-provider.ts';
export {
  useCentrifugo,
  type UseCentrifugoOptions,
  type UseCentrifugoResult,
} from './use-centrifugo.ts';
export { usePresence, type UsePresenceResult } from './use-presence.ts';
