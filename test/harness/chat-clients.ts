import { createChatClient, needsOf } from '@rov/realtime/client';
import type { ChatClient, ChatClientOptions, ChatState } from '@rov/realtime/client';
import { onTestFinished } from 'vitest';

import type { Person } from './people.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** The shipped chat client of a person, until the test is over. */
export function chatOf(
  stack: Stack,
  person: Person,
  options: Partial<ChatClientOptions> = {},
): ChatClient {
  const api = { baseUrl: stack.api.url, getAuth: () => person.token };
  const client = createChatClient({ api, userId: person.id, ...options });
  client.start();
  onTestFinished(client.stop);
  return client;
}

/** Whether it hears its user's channel and lacks nothing, as far as it knows. */
export function isWhole(client: ChatClient): boolean {
  return client.live.get().status === 'subscribed' && needsOf(client.getState()).length === 0;
}

/** What a client shows of a conversation, without what only it can know. */
function shownOf({ inbox, rooms }: ChatState, conversationId: string) {
  const row = inbox.rows[conversationId]?.conversation ?? null;
  const room = rooms[conversationId];
  return {
    // What changes nothing in the list is not told to it.
    row: row && { ...row, ev: 0 },
    messages: room?.transcript.items ?? [],
    ev: room?.transcript.ev ?? 0,
    receipts: room?.receipts ?? {},
    pending: room?.pending ?? [],
  };
}

/** Waits until a client shows what another one shows that begins now, and returns that. */
export async function untilTrue(
  stack: Stack,
  {
    client,
    person,
    conversationId,
  }: { client: ChatClient; person: Person; conversationId: string },
) {
  const fresh = chatOf(stack, person, {
    tells: { presence: false, delivered: false, viewing: false },
  });
  const shown = (one: ChatClient) => shownOf(one.getState(), conversationId);
  const close = fresh.open(conversationId);
  const same = () =>
    isWhole(fresh) &&
    isWhole(client) &&
    JSON.stringify(sorted(shown(client))) === JSON.stringify(sorted(shown(fresh)));
  await until(same, {
    timeoutMs: 15_000,
    what: () =>
      `the same: ${JSON.stringify(sorted(shown(client)))} and ${JSON.stringify(sorted(shown(fresh)))}, ${JSON.stringify(needsOf(client.getState()))}`,
  });
  const truth = shown(fresh);
  close();
  fresh.stop();
  return truth;
}

/** With the fields of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}
