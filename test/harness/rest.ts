import * as contract from '@rov/realtime';
import type * as z from 'zod';

import { meet } from './described.ts';

/** An answer that is no success, in the words of the contract's problem. */
export class RestProblem extends Error {
  override readonly name = 'RestProblem';
  readonly status: number;
  readonly code: string;
  readonly problem: contract.Problem;

  constructor(what: string, problem: contract.Problem) {
    super(
      `${what}: ${problem.status} ${problem.code}${problem.detail ? ` (${problem.detail})` : ''}`,
    );
    this.status = problem.status;
    this.code = problem.code;
    this.problem = problem;
  }
}

export type Answer<T> = { status: number; body: T; headers: Headers };

/** Where a message is: any message of the contract will do. */
export type Place = { conversationId: string; id: string };

const pathOf = ({ conversationId, id }: Place): string =>
  `/conversations/${conversationId}/messages/${id}`;

/**
 * The REST API as one user calls it. Every answer is held to the description that the API publishes and parsed with the
 * contract's schema, so that another one fails whatever test meets it first; what is no success is thrown as `RestProblem`.
 */
export function createRest(options: { baseUrl: string; token: string }) {
  async function call<T extends z.ZodType>(
    schema: T | null,
    request: {
      method: string;
      path: string;
      body?: unknown;
      headers?: Record<string, string>;
      signal?: AbortSignal | undefined;
    },
  ): Promise<Answer<z.infer<T>>> {
    const { method, path, body, headers, signal } = request;
    const url = `${options.baseUrl}/v1${path}`;
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    meet({
      method,
      url,
      sent: body,
      status: answer.status,
      headers: answer.headers,
      text,
    });
    if (!answer.ok) {
      throw new RestProblem(`${method} ${path}`, contract.Problem.parse(JSON.parse(text)));
    }
    if (schema === null && text !== '') throw new Error(`${method} ${path} answered with a body`);
    const parsed = schema === null ? undefined : schema.parse(JSON.parse(text));
    return { status: answer.status, body: parsed as z.infer<T>, headers: answer.headers };
  }

  const get = async <T extends z.ZodType>(schema: T, path: string): Promise<z.infer<T>> =>
    (await call(schema, { method: 'GET', path })).body;

  return {
    call,
    realtimeToken: async () =>
      (await call(contract.RealtimeToken, { method: 'POST', path: '/realtime/token' })).body,
    subscriptionToken: async (channel: string) =>
      (
        await call(contract.SubscriptionToken, {
          method: 'POST',
          path: '/realtime/subscription-token',
          body: { channel },
        })
      ).body,
    position: (channel: string) =>
      get(contract.Position, `/realtime/position?channel=${encodeURIComponent(channel)}`),

    conversations: (query = '') => get(contract.ConversationList, `/conversations${query}`),
    conversation: (id: string) => get(contract.Conversation, `/conversations/${id}`),
    openDirect: (userId: string) =>
      call(contract.Conversation, { method: 'PUT', path: `/conversations/direct/${userId}` }),
    createGroup: (group: { clientId: string; title: string; memberIds: string[] }) =>
      call(contract.Conversation, { method: 'POST', path: '/conversations', body: group }),
    members: (id: string) => get(contract.MemberList, `/conversations/${id}/members`),
    addMembers: (id: string, userIds: string[]) =>
      call(contract.MemberList, {
        method: 'POST',
        path: `/conversations/${id}/members`,
        body: { userIds },
      }),
    changeRole: (id: string, userId: string, role: contract.MemberRole) =>
      call(contract.Member, {
        method: 'PATCH',
        path: `/conversations/${id}/members/${userId}`,
        body: { role },
      }),
    updateConversation: (id: string, change: { title?: string; image?: string | null }) =>
      call(contract.Conversation, { method: 'PATCH', path: `/conversations/${id}`, body: change }),
    removeMember: (id: string, userId: string) =>
      call(null, { method: 'DELETE', path: `/conversations/${id}/members/${userId}` }),

    messages: (
      id: string,
      query: Partial<Record<'before' | 'after' | 'around' | 'changedSince' | 'limit', number>> = {},
    ) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]) => [name, String(value)]),
      );
      return get(contract.MessagePage, `/conversations/${id}/messages?${search}`);
    },
    send: (id: string, message: contract.SendMessageRequest, signal?: AbortSignal) =>
      call(contract.Message, {
        method: 'POST',
        path: `/conversations/${id}/messages`,
        body: message,
        signal,
      }),
    edit: (message: Place & { revision: number }, content: string) =>
      call(contract.Message, {
        method: 'PATCH',
        path: pathOf(message),
        headers: { 'if-match': `"${message.revision}"` },
        body: { content },
      }),
    /** Whatever its revision is, if none is given. */
    deleteMessage: (message: Place & { revision?: number }) =>
      call(contract.Message, {
        method: 'DELETE',
        path: pathOf(message),
        ...(message.revision !== undefined && {
          headers: { 'if-match': `"${message.revision}"` },
        }),
      }),
    react: (message: Place, emoji: string) =>
      call(contract.Message, {
        method: 'PUT',
        path: `${pathOf(message)}/reactions/${encodeURIComponent(emoji)}`,
      }),
    unreact: (message: Place, emoji: string) =>
      call(contract.Message, {
        method: 'DELETE',
        path: `${pathOf(message)}/reactions/${encodeURIComponent(emoji)}`,
      }),
    markRead: (id: string, seq: number) =>
      call(contract.ReadState, { method: 'PUT', path: `/conversations/${id}/read`, body: { seq } }),
    markUnread: (id: string, unreadFromSeq: number | null) =>
      call(contract.Conversation, {
        method: 'PATCH',
        path: `/conversations/${id}/me`,
        body: { unreadFromSeq },
      }),
    typing: (id: string, state: 'start' | 'stop') =>
      call(contract.Taken, {
        method: 'POST',
        path: `/conversations/${id}/typing`,
        body: { state },
      }),
    viewing: (id: string, state: 'start' | 'stop') =>
      call(contract.Taken, {
        method: 'POST',
        path: `/conversations/${id}/viewing`,
        body: { state },
      }),
    unread: () => get(contract.Unread, '/unread'),
    sync: (cursor?: string) =>
      get(contract.Sync, cursor === undefined ? '/sync' : `/sync?cursor=${cursor}`),
    verify: async (body: z.input<typeof contract.VerifyRequest>) =>
      (await call(contract.Verified, { method: 'POST', path: '/sync/verify', body })).body,
    trace: (conversationId: string, messageId: string) =>
      get(contract.MessageTrace, `/conversations/${conversationId}/messages/${messageId}/trace`),
    reportDelivered: (items: { conversationId: string; seq: number }[]) =>
      call(contract.DeliveredState, {
        method: 'POST',
        path: '/receipts/delivered',
        body: { items },
      }),
    receipts: (id: string, messageId: string, query = '') =>
      get(contract.MessageReceipts, `/conversations/${id}/messages/${messageId}/receipts${query}`),

    beat: (sessionId: string, state: 'active' | 'idle') =>
      call(contract.PresenceSession, {
        method: 'PUT',
        path: `/presence/sessions/${sessionId}`,
        body: { state },
      }),
    chooseStatus: (status: contract.ChosenStatus) =>
      call(contract.OwnPresence, { method: 'PUT', path: '/presence/status', body: { status } }),
    endSession: (sessionId: string) =>
      call(null, { method: 'DELETE', path: `/presence/sessions/${sessionId}` }),
    presence: (userIds: string[]) =>
      get(contract.PresenceList, `/presence?userIds=${userIds.map(encodeURIComponent).join(',')}`),

    signOut: () => call(null, { method: 'DELETE', path: '/sessions' }),

    connections: () => get(contract.ConnectionList, '/connections'),
    connect: (userId: string) =>
      call(contract.Connection, { method: 'PUT', path: `/connections/${userId}` }),
    disconnect: (userId: string) =>
      call(null, { method: 'DELETE', path: `/connections/${userId}` }),
  };
}

export type Rest = ReturnType<typeof createRest>;
