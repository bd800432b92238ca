import { CONVERSATION_ID, ids, presence } from '../examples.ts';

/** What the examples of events have in common. */
export const durable = {
  v: 1,
  eventId: 'c1f0a7d4-5b7e-4b0c-9f43-2a6d8e1c7b95',
  at: '2026-03-02T11:04:31.206Z',
  epoch: '7571482930154823681.1.0',
} as const;

export const numbered = { ...durable, conversationId: CONVERSATION_ID, ev: 46 };

export const ephemeral = {
  v: 1,
  conversationId: CONVERSATION_ID,
  userId: ids.ben,
  state: 'start',
  at: presence.lastSeenAt ?? durable.at,
  expiresInMs: 7_000,
} as const;
