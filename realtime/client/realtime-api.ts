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
import { RealtimeError } from './realtime-error.ts';

export interface RealtimeApiOptions {
  /** Where the API is, without `/v1`; empty for the page's own origin. */
  baseUrl: string;
  /** The bearer token of the signed-in user; null sends the request without one. */
  getAuth: () => string | null | undefined | Promise<string | null | undefined>;
}

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

const TIMEOUT_MS = 10_000;

/** The calls that the hooks make. `options` is asked each time, so that what it gives may change. */
export function createRealtimeApi(options: () => RealtimeApiOptions): RealtimeApi {
  let lastAuth: string | null | undefined;

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { baseUrl, getAuth } = options();
    lastAuth = await getAuth();
    const response = await fetch(baseUrl.replace(/\/+$/, '') + path, {
      method,
      headers: headers(lastAuth, body !== undefined),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response, `${method} ${path.split('?')[0]}`);
    // The server tests its answers against the contract, and zod stays out of the bundle.
    // oxlint-disable-next-line typescript/consistent-type-assertions -- see above
    return (await response.json()) as T;
  }

  return {
    connectionToken: () => call('POST', '/v1/realtime/token'),
    subscriptionToken: (channel) => call('POST', '/v1/realtime/subscription-token', { channel }),
    position: (channel) =>
      call('GET', `/v1/realtime/position?channel=${encodeURIComponent(channel)}`),
    presenceOf: (userIds) =>
      call('GET', `/v1/presence?userIds=${userIds.map((id) => encodeURIComponent(id)).join(',')}`),
    beat: (sessionId, state) => call('PUT', `/v1/presence/sessions/${sessionId}`, { state }),
    chooseStatus: (status) => call('PUT', '/v1/presence/status', { status }),
    leave: (sessionId) => {
      // A page that goes away runs nothing asynchronous any more, so the last known token must do.
      fetch(`${options().baseUrl.replace(/\/+$/, '')}/v1/presence/sessions/${sessionId}`, {
        method: 'DELETE',
        headers: headers(lastAuth, false),
        keepalive: true,
      }).catch(() => {
        // The lease ends by itself.
      });
    },
  };
}

function headers(auth: string | null | undefined, hasBody: boolean): Record<string, string> {
  return {
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(auth ? { authorization: `Bearer ${auth}` } : {}),
  };
}

/** 401 and 403 are final for the SDK; it repeats what fails otherwise. */
async function refusal(response: Response, what: string): Promise<Error> {
  await response.body?.cancel();
  const message = `${what} answered ${response.status}`;
  if (response.status === 401 || response.status === 403) return new UnauthorizedError(message);
  return new RealtimeError(message, { code: 'api', number: response.status });
}
