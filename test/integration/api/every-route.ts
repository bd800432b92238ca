import { randomUUID } from 'node:crypto';

import type { MemberRole } from '@rov/realtime';

import { idleApp } from '../../../api/reference/current.ts';
import { routesOf } from '../../../api/reference/routes.ts';
import type { Person } from '../../harness/people.ts';
import type { Asked } from './ask.ts';

/** What a request of every kind is about. */
export type About = { conversationId: string; member: Person; messageId: string };

/** A sound request to one route, in the words of the API. */
export type Trial = {
  method: string;
  /** As the reference writes it, with its parameters in this order. */
  pattern: string;
  parameters?: (about: About) => string[];
  /** How many of the parameters, at the end, are no ids; none if nothing else is said. */
  texts?: number;
  headers?: Record<string, string>;
  query?: (about: About) => string;
  body?: (about: About) => object;
  /** Fields of the body that may be null as well. */
  nullable?: string[];
  /** What somebody hears who is not in the conversation; null where nobody has to be in one. */
  stranger: string | null;
  /** What a member of such a role hears who may not do this; the others may. */
  roles?: Partial<Record<MemberRole, string>>;
};

const NO_SUCH_THING = '404 not_found';
const ROLE_REQUIRED = '403 role_required';
const inConversation = ({ conversationId }: About): string[] => [conversationId];
const ofMessage = ({ conversationId, messageId }: About): string[] => [conversationId, messageId];
const otherPerson = ({ member }: About): string[] => [member.id];
const channelOf = ({ conversationId }: About): string => `conversation:${conversationId}`;

/** One for every route of `/v1`; a test compares this with the routes of the application. */
export const TRIALS: Trial[] = [
  { method: 'POST', pattern: '/v1/realtime/token', stranger: null },
  {
    method: 'POST',
    pattern: '/v1/realtime/subscription-token',
    body: (about) => ({ channel: channelOf(about) }),
    stranger: '403 channel_refused',
  },
  {
    method: 'GET',
    pattern: '/v1/realtime/position',
    query: (about) => `channel=${channelOf(about)}`,
    stranger: '403 channel_refused',
  },

  { method: 'GET', pattern: '/v1/connections', stranger: null },
  {
    method: 'PUT',
    pattern: '/v1/connections/{userId}',
    parameters: otherPerson,
    stranger: null,
  },
  {
    method: 'DELETE',
    pattern: '/v1/connections/{userId}',
    parameters: otherPerson,
    stranger: null,
  },

  { method: 'GET', pattern: '/v1/conversations', stranger: null },
  {
    method: 'POST',
    pattern: '/v1/conversations',
    body: ({ member }) => ({ clientId: randomUUID(), title: 'x', memberIds: [member.id] }),
    stranger: null,
  },
  {
    method: 'PUT',
    pattern: '/v1/conversations/direct/{userId}',
    parameters: otherPerson,
    stranger: null,
  },
  {
    method: 'GET',
    pattern: '/v1/conversations/{conversationId}',
    parameters: inConversation,
    stranger: NO_SUCH_THING,
  },
  {
    method: 'PATCH',
    pattern: '/v1/conversations/{conversationId}',
    parameters: inConversation,
    body: () => ({ title: 'Another' }),
    stranger: NO_SUCH_THING,
    roles: { member: ROLE_REQUIRED },
  },
  {
    method: 'GET',
    pattern: '/v1/conversations/{conversationId}/members',
    parameters: inConversation,
    stranger: NO_SUCH_THING,
  },
  {
    method: 'POST',
    pattern: '/v1/conversations/{conversationId}/members',
    parameters: inConversation,
    body: ({ member }) => ({ userIds: [member.id] }),
    stranger: NO_SUCH_THING,
    roles: { member: ROLE_REQUIRED },
  },
  {
    method: 'PATCH',
    pattern: '/v1/conversations/{conversationId}/members/{userId}',
    parameters: ({ conversationId, member }) => [conversationId, member.id],
    body: () => ({ role: 'admin' }),
    stranger: NO_SUCH_THING,
    roles: { admin: ROLE_REQUIRED, member: ROLE_REQUIRED },
  },
  {
    method: 'DELETE',
    pattern: '/v1/conversations/{conversationId}/members/{userId}',
    parameters: ({ conversationId, member }) => [conversationId, member.id],
    stranger: NO_SUCH_THING,
    roles: { member: ROLE_REQUIRED },
  },
  {
    method: 'GET',
    pattern: '/v1/conversations/{conversationId}/messages',
    parameters: inConversation,
    stranger: NO_SUCH_THING,
  },
  {
    method: 'POST',
    pattern: '/v1/conversations/{conversationId}/messages',
    parameters: inConversation,
    body: () => ({ clientId: randomUUID(), content: 'x' }),
    stranger: NO_SUCH_THING,
  },
  {
    method: 'PATCH',
    pattern: '/v1/conversations/{conversationId}/messages/{messageId}',
    parameters: ofMessage,
    headers: { 'if-match': '"1"' },
    body: () => ({ content: 'y' }),
    stranger: NO_SUCH_THING,
    roles: { admin: '403 not_the_sender', member: '403 not_the_sender' },
  },
  {
    method: 'DELETE',
    pattern: '/v1/conversations/{conversationId}/messages/{messageId}',
    parameters: ofMessage,
    stranger: NO_SUCH_THING,
    roles: { member: ROLE_REQUIRED },
  },
  ...['PUT', 'DELETE'].map((method): Trial => ({
    method,
    pattern: '/v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}',
    parameters: (about) => [...ofMessage(about), encodeURIComponent('👍')],
    texts: 1,
    stranger: NO_SUCH_THING,
  })),
  {
    method: 'PUT',
    pattern: '/v1/conversations/{conversationId}/read',
    parameters: inConversation,
    body: () => ({ seq: 1 }),
    stranger: NO_SUCH_THING,
  },
  {
    method: 'PATCH',
    pattern: '/v1/conversations/{conversationId}/me',
    parameters: inConversation,
    body: () => ({ unreadFromSeq: 1 }),
    nullable: ['unreadFromSeq'],
    stranger: NO_SUCH_THING,
  },
  { method: 'GET', pattern: '/v1/unread', stranger: null },
  {
    method: 'POST',
    pattern: '/v1/receipts/delivered',
    body: ({ conversationId }) => ({ items: [{ conversationId, seq: 1 }] }),
    stranger: null,
  },
  {
    method: 'GET',
    pattern: '/v1/conversations/{conversationId}/messages/{messageId}/receipts',
    parameters: ofMessage,
    stranger: NO_SUCH_THING,
  },

  { method: 'GET', pattern: '/v1/sync', stranger: null },
  { method: 'POST', pattern: '/v1/sync/verify', body: () => ({ heads: [] }), stranger: null },
  {
    method: 'GET',
    pattern: '/v1/conversations/{conversationId}/messages/{messageId}/trace',
    parameters: ofMessage,
    stranger: NO_SUCH_THING,
    roles: { member: ROLE_REQUIRED },
  },
  { method: 'DELETE', pattern: '/v1/sessions', stranger: null },
  {
    method: 'POST',
    pattern: '/v1/conversations/{conversationId}/typing',
    parameters: inConversation,
    body: () => ({ state: 'start' }),
    stranger: NO_SUCH_THING,
  },
  {
    method: 'POST',
    pattern: '/v1/conversations/{conversationId}/viewing',
    parameters: inConversation,
    body: () => ({ state: 'stop' }),
    stranger: NO_SUCH_THING,
  },

  {
    method: 'PUT',
    pattern: '/v1/presence/sessions/{sessionId}',
    parameters: () => ['tab'],
    body: () => ({ state: 'active' }),
    stranger: null,
  },
  {
    method: 'DELETE',
    pattern: '/v1/presence/sessions/{sessionId}',
    parameters: () => ['tab'],
    stranger: null,
  },
  {
    method: 'PUT',
    pattern: '/v1/presence/status',
    body: () => ({ status: 'away' }),
    stranger: null,
  },
  {
    method: 'GET',
    pattern: '/v1/presence',
    query: ({ member }) => `userIds=${member.id}`,
    stranger: null,
  },
];

export const nameOf = ({ method, pattern }: Trial): string => `${method} ${pattern}`;

/** The address of a trial, with other parameters where they are given. */
export function addressOf(
  trial: Trial,
  about: About,
  parameters = trial.parameters?.(about),
): string {
  const left = [...(parameters ?? [])];
  const path = trial.pattern.replaceAll(/\{\w+\}/g, () => left.shift()!);
  return trial.query ? `${path}?${trial.query(about)}` : path;
}

/** What is sent with a trial, but for who sends it. */
export function askedOf({ method, body, headers }: Trial, about: About): Asked {
  return { method, ...(body && { body: body(about) }), ...(headers && { headers }) };
}

/** Every route of `/v1` that the application has. */
export function routesOfV1(): string[] {
  return routesOf(idleApp())
    .filter(({ path }) => path.startsWith('/v1'))
    .map(({ name }) => name);
}
