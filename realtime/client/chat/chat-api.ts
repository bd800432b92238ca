import type {
  Conversation,
  ConversationList,
  DeliveredState,
  Member,
  MemberList,
  MemberRole,
  Message,
  MessagePage,
  MessageReceipts,
  PresenceList,
  ReadState,
  SendMessageRequest,
  Sync,
  Taken,
} from '../../contract/index.ts';
import type { ConnectionList } from '../../contract/rest/people.ts';
import type { Ask } from '../ask.ts';

export type ChatApi = ReturnType<typeof createChatApi>;

export type Page = { cursor?: string | null; limit?: number };
type MessagesAsked = {
  before?: number;
  after?: number;
  around?: number;
  changedSince?: number;
  limit?: number;
};

/** The part of the REST API that a chat client uses. Every call rejects with an `ApiProblem`. */
export function createChatApi(ask: Ask) {
  const at = (conversationId: string) => `/v1/conversations/${encodeURIComponent(conversationId)}`;
  const message = (conversationId: string, id: string) => `${at(conversationId)}/messages/${id}`;
  const of = (revision: number) => ({ headers: { 'if-match': `"${revision}"` } });
  return {
    sync: (cursor: string | null) => ask<Sync>('GET', '/v1/sync', { query: { cursor } }),
    conversations: (page: Page) =>
      ask<ConversationList>('GET', '/v1/conversations', { query: page }),
    conversation: (id: string) => ask<Conversation>('GET', at(id)),
    openDirect: (userId: string) =>
      ask<Conversation>('PUT', `/v1/conversations/direct/${encodeURIComponent(userId)}`),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      ask<Conversation>('POST', '/v1/conversations', { body: group }),
    change: (id: string, to: { title?: string; image?: string | null }) =>
      ask<Conversation>('PATCH', at(id), { body: to }),
    members: (id: string, page: Page) =>
      ask<MemberList>('GET', `${at(id)}/members`, { query: page }),
    addMembers: (id: string, userIds: readonly string[]) =>
      ask<MemberList>('POST', `${at(id)}/members`, { body: { userIds } }),
    changeRole: (id: string, userId: string, role: MemberRole) =>
      ask<Member>('PATCH', `${at(id)}/members/${encodeURIComponent(userId)}`, { body: { role } }),
    removeMember: (id: string, userId: string) =>
      ask<null>('DELETE', `${at(id)}/members/${encodeURIComponent(userId)}`),
    connections: (page: Page) => ask<ConnectionList>('GET', '/v1/connections', { query: page }),
    presenceOf: (userIds: readonly string[]) =>
      ask<PresenceList>('GET', '/v1/presence', { query: { userIds: userIds.join(',') } }),
    messages: (id: string, asked: MessagesAsked) =>
      ask<MessagePage>('GET', `${at(id)}/messages`, { query: asked }),
    send: (id: string, request: SendMessageRequest) =>
      ask<Message>('POST', `${at(id)}/messages`, { body: request }),
    edit: ({ conversationId, id, revision }: Message, content: string) =>
      ask<Message>('PATCH', message(conversationId, id), { body: { content }, ...of(revision) }),
    remove: ({ conversationId, id, revision }: Message) =>
      ask<Message>('DELETE', message(conversationId, id), of(revision)),
    react: ({ conversationId, id }: Message, emoji: string, chosen: boolean) =>
      ask<Message>(
        chosen ? 'PUT' : 'DELETE',
        `${message(conversationId, id)}/reactions/${encodeURIComponent(emoji)}`,
      ),
    receipts: ({ conversationId, id }: Message, page: Page) =>
      ask<MessageReceipts>('GET', `${message(conversationId, id)}/receipts`, { query: page }),
    markRead: (id: string, seq: number) =>
      ask<ReadState>('PUT', `${at(id)}/read`, { body: { seq } }),
    markUnread: (id: string, unreadFromSeq: number | null) =>
      ask<Conversation>('PATCH', `${at(id)}/me`, { body: { unreadFromSeq } }),
    delivered: (items: DeliveredItems) =>
      ask<DeliveredState>('POST', '/v1/receipts/delivered', { body: { items } }),
    typing: (id: string, state: 'start' | 'stop') =>
      ask<Taken>('POST', `${at(id)}/typing`, { body: { state } }),
    viewing: (id: string, state: 'start' | 'stop') =>
      ask<Taken>('POST', `${at(id)}/viewing`, { body: { state } }),
  };
}

export type DeliveredItems = Array<{ conversationId: string; seq: number }>;
