import type {
  Conversation,
  ConversationList,
  DeliveredState,
  Message,
  MessagePage,
  PresenceList,
  ReadState,
  SendMessageRequest,
  Sync,
  Taken,
} from '../../contract/index.ts';
import type { ConnectionList } from '../../contract/rest/people.ts';
import type { RealtimeApiOptions } from '../realtime-api.ts';
import { asProblem, problemFrom } from './api-problem.ts';

const TIMEOUT_MS = 15_000;

export type ChatApi = ReturnType<typeof createChatApi>;

type Page = { cursor?: string; limit?: number };
type MessagesAsked = {
  before?: number;
  after?: number;
  around?: number;
  changedSince?: number;
  limit?: number;
};

/**
 * The part of the REST API that a chat client uses. Every call rejects with an `ApiProblem`.
 *
 * Answers are believed to have the shape of the contract: they come from our own server, whose tests parse each of them,
 * and zod would be more than all of this client.
 */
export function createChatApi(options: RealtimeApiOptions & { onUnauthorized: () => void }) {
  const call = createCall(options);
  const at = (conversationId: string) => `/v1/conversations/${encodeURIComponent(conversationId)}`;
  const message = (conversationId: string, id: string) => `${at(conversationId)}/messages/${id}`;
  return {
    sync: (cursor: string | null) =>
      call<Sync>('GET', `/v1/sync${query(cursor === null ? {} : { cursor })}`),
    conversations: (page: Page) => call<ConversationList>('GET', `/v1/conversations${query(page)}`),
    conversation: (id: string) => call<Conversation>('GET', at(id)),
    openDirect: (userId: string) =>
      call<Conversation>('PUT', `/v1/conversations/direct/${encodeURIComponent(userId)}`),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      call<Conversation>('POST', '/v1/conversations', { body: group }),
    connections: (page: Page) => call<ConnectionList>('GET', `/v1/connections${query(page)}`),
    presenceOf: (userIds: readonly string[]) =>
      call<PresenceList>('GET', `/v1/presence${query({ userIds: userIds.join(',') })}`),
    messages: (id: string, asked: MessagesAsked) =>
      call<MessagePage>('GET', `${at(id)}/messages${query(asked)}`),
    send: (id: string, request: SendMessageRequest) =>
      call<Message>('POST', `${at(id)}/messages`, { body: request }),
    edit: ({ conversationId, id, revision }: Message, content: string) =>
      call<Message>('PATCH', message(conversationId, id), { body: { content }, revision }),
    remove: ({ conversationId, id, revision }: Message) =>
      call<Message>('DELETE', message(conversationId, id), { revision }),
    react: ({ conversationId, id }: Message, emoji: string, chosen: boolean) =>
      call<Message>(
        chosen ? 'PUT' : 'DELETE',
        `${message(conversationId, id)}/reactions/${encodeURIComponent(emoji)}`,
      ),
    markRead: (id: string, seq: number) =>
      call<ReadState>('PUT', `${at(id)}/read`, { body: { seq } }),
    markUnread: (id: string, unreadFromSeq: number | null) =>
      call<Conversation>('PATCH', `${at(id)}/me`, { body: { unreadFromSeq } }),
    delivered: (items: DeliveredItems) =>
      call<DeliveredState>('POST', '/v1/receipts/delivered', { body: { items } }),
    typing: (id: string, state: 'start' | 'stop') =>
      call<Taken>('POST', `${at(id)}/typing`, { body: { state } }),
    viewing: (id: string, state: 'start' | 'stop') =>
      call<Taken>('POST', `${at(id)}/viewing`, { body: { state } }),
  };
}

export type DeliveredItems = Array<{ conversationId: string; seq: number }>;

function createCall({
  baseUrl,
  getAuth,
  onUnauthorized,
}: RealtimeApiOptions & { onUnauthorized: () => void }) {
  return async function call<T>(
    method: string,
    path: string,
    { body, revision }: { body?: unknown; revision?: number } = {},
  ): Promise<T> {
    const auth = await getAuth();
    const response = await fetch(baseUrl.replace(/\/+$/, '') + path, {
      method,
      headers: {
        ...(auth ? { authorization: `Bearer ${auth}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
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
