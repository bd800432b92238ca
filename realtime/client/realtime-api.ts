import { UnauthorizedError } from 'centrifuge';

import type {
  OwnPresence,
  Position,
  PresenceList,
  PresenceSession,
  RealtimeToken,
  SubscriptionToken,
} from '../contract/index.ts';
import type { ChosenStatus } from '../contract/primitives.ts';
import type { Ask } from './ask.ts';
import { ApiProblem } from './chat/api-problem.ts';
import { RealtimeError } from './realtime-error.ts';

export type { AskOptions as RealtimeApiOptions } from './ask.ts';

export interface RealtimeApi {
  connectionToken: () => Promise<RealtimeToken>;
  subscriptionToken: (channel: string) => Promise<SubscriptionToken>;
  position: (channel: string) => Promise<Position>;
  presenceOf: (userIds: readonly string[]) => Promise<PresenceList>;
  beat: (sessionId: string, state: 'active' | 'idle') => Promise<PresenceSession>;
  chooseStatus: (status: ChosenStatus) => Promise<OwnPresence>;
  /** Works while the page goes away; nobody waits for it. */
  leave: (sessionId: string) => void;
}

/** The calls that the connection and the presence make. */
export function createRealtimeApi(ask: Ask): RealtimeApi {
  const call = <T>(...question: Parameters<Ask>) => ask<T>(...question).catch(asRefusal);
  const session = (sessionId: string) => `/v1/presence/sessions/${sessionId}`;
  return {
    connectionToken: () => call('POST', '/v1/realtime/token'),
    subscriptionToken: (channel) =>
      call('POST', '/v1/realtime/subscription-token', { body: { channel } }),
    position: (channel) => call('GET', '/v1/realtime/position', { query: { channel } }),
    presenceOf: (userIds) => call('GET', '/v1/presence', { query: { userIds: userIds.join(',') } }),
    beat: (sessionId, state) => call('PUT', session(sessionId), { body: { state } }),
    chooseStatus: (status) => call('PUT', '/v1/presence/status', { body: { status } }),
    leave: (sessionId) => ask.lastWord('DELETE', session(sessionId)),
  };
}

/** 401 and 403 are final for the SDK; it repeats what fails otherwise. */
function asRefusal(cause: unknown): never {
  if (!(cause instanceof ApiProblem)) throw cause;
  const { status, message } = cause;
  if (status === 401 || status === 403) throw new UnauthorizedError(message);
  throw new RealtimeError(message, { code: 'api', number: status, cause });
}
