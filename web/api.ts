import type {
  ConnectionList,
  Conversation,
  ConversationList,
  Message,
  MessagePage,
  Profile,
  ReadState,
  SendMessageRequest,
} from '@rov/realtime';

import { asProblem, problemFrom } from './api-problem.ts';

const TIMEOUT_MS = 15_000;

export type Api = ReturnType<typeof createApi>;

/**
 * The part of the REST API that this client uses. Every call rejects with an `ApiProblem`.
 *
 * Answers are believed to have the shape of the contract: they come from our own server, whose tests
 * parse each of them, and zod would be a fifth of the bundle.
 */
export function createApi({
  token,
  onUnauthorized,
  fetch = globalThis.fetch.bind(globalThis),
}: {
  token: string;
  /** The token is not (or no longer) good. */
  onUnauthorized: () => void;
  fetch?: typeof globalThis.fetch;
}) {
  const call = createCall({ fetch, headers: { authorization: `Bearer ${token}` }, onUnauthorized });
  const at = (conversationId: string) => `/v1/conversations/${conversationId}`;
  return {
    conversations: (page: { cursor?: string; limit?: number } = {}) =>
      call<ConversationList>('GET', `/v1/conversations${query(page)}`),
    conversation: (id: string) => call<Conversation>('GET', at(id)),
    openDirect: (userId: string) =>
      call<Conversation>('PUT', `/v1/conversations/direct/${encodeURIComponent(userId)}`),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      call<Conversation>('POST', '/v1/conversations', group),
    connections: (page: { cursor?: string; limit?: number } = {}) =>
      call<ConnectionList>('GET', `/v1/connections${query(page)}`),
    messages: (id: string, page: { before?: number; after?: number; limit?: number }) =>
      call<MessagePage>('GET', `${at(id)}/messages${query(page)}`),
    send: (id: string, message: SendMessageRequest) =>
      call<Message>('POST', `${at(id)}/messages`, message),
    markRead: (id: string, seq: number) => call<ReadState>('PUT', `${at(id)}/read`, { seq }),
  };
}

/** The demo server's own routes; elsewhere they answer 404. */
export function createDemoApi({ fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const call = createCall({ fetch, headers: {}, onUnauthorized: () => {} });
  return {
    users: () => call<{ items: Profile[] }>('GET', '/demo/users'),
    login: (userId: string) =>
      call<{ token: string; user: Profile }>('POST', '/demo/login', { userId }),
  };
}

function createCall({
  fetch,
  headers,
  onUnauthorized,
}: {
  fetch: typeof globalThis.fetch;
  headers: Record<string, string>;
  onUnauthorized: () => void;
}) {
  return async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw asProblem(error);
    });
    if (response.status === 401) onUnauthorized();
    if (!response.ok) throw await problemFrom(response);
    // oxlint-disable-next-line typescript/no-unsafe-return -- see above: the contract tells the shape
    return response.json().catch((error: unknown) => {
      throw asProblem(error);
    });
  };
}

function query(params: Record<string, string | number | undefined>): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}`;
}
