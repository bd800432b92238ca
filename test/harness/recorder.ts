/**
 * What one user received, written down by a real centrifuge-js client on Node's own WebSocket, and what a page that
 * behaves as the contract asks would have shown of it.
 *
 * A witness must not repeat the mistakes of the accused: nothing here comes from the package's client, the web client
 * or the worker. Only the channel names and the description of the events are shared.
 */
import { chatChannel, conversationChannel } from '@rov/realtime';
import type { Message } from '@rov/realtime';
import { Centrifuge, UnauthorizedError } from 'centrifuge';
import type { PublicationContext, Subscription } from 'centrifuge';

import { watchConversation } from './conversation-view.ts';
import type { ConversationView, Shown } from './conversation-view.ts';
import { hear } from './described-events.ts';
import type { Person } from './people.ts';
import { watchPresence } from './presence-view.ts';
import type { PresenceView } from './presence-view.ts';
import { RestProblem } from './rest.ts';
import { createSignal, until } from './until.ts';
import type { Signal } from './until.ts';

/** A publication as it came in, before anything is made of it. */
export type RawPublication = {
  channel: string;
  offset: number | undefined;
  data: Record<string, unknown>;
  /** `performance.now()` of the test's process. */
  receivedAt: number;
};

/** A subscription that had been read up, ended, and came back in such a way that its page had to read again. */
export type Reload = { channel: string; lostAt: number; backAt: number };

/** What else a page makes of its user's own channel: loaded whenever something may be missing. */
export type Heeding = {
  load(): Promise<void>;
  take(event: Record<string, unknown>): void;
};

export type RecorderOptions = {
  person: Person;
  /** Whose `conversation:*` to subscribe to. */
  conversations?: string[];
  /** Whether to subscribe to the user's own `chat:*`. */
  chat?: boolean;
  /** Who else listens to `chat:*`, beside the presence of others. */
  heeding?: Heeding;
  url: string;
  /** In milliseconds; a page uses 5,000. */
  maxReconnectDelay?: number;
};

export type Recorder = {
  /** The person's, for findings. */
  name: string;
  person: Person;
  conversations: readonly string[];
  /** In the order of arrival, repeats included. */
  raw: readonly RawPublication[];
  /** Publications that api/asyncapi.json does not describe: what was wrong with each. */
  malformed: readonly string[];
  /** What the user saw of a conversation, in the order in which it appeared. */
  shown(conversationId: string): readonly Shown[];
  /** Each message of a conversation as the user sees it now, by id. */
  states(conversationId: string): ReadonlyMap<string, Message>;
  /** How the presence of others changed before the user's eyes. */
  presence: PresenceView['shown'];
  /** Reads over REST since the first load: signs of a loss that was noticed. */
  refetches(): number;
  reloads: readonly Reload[];
  /** Server-ended subscriptions and connections, and faults of the client. */
  ends: readonly string[];
  /** Fires whenever any of the above changed. */
  changed: Signal;
  /** Whether every channel is subscribed and what was missed is read. */
  isReady(): boolean;
  /** Resolves once that is so. */
  ready(timeoutMs?: number): Promise<void>;
  /** Resolves when the condition holds; looks whenever something changed. */
  until(
    condition: () => boolean,
    options: { timeoutMs: number; what: string | (() => string) },
  ): Promise<void>;
  close(): void;
};

export function createRecorder(options: RecorderOptions): Recorder {
  const { person, conversations = [] } = options;
  const changed = createSignal();
  const closing = new AbortController();
  const raw: RawPublication[] = [];
  const malformed: string[] = [];
  const ends: string[] = [];
  const reloads: Reload[] = [];
  const views = new Map<string, ConversationView>();
  const presence = watchPresence(person.rest, changed);
  /** Channels that are not subscribed, or of which something may be missing. */
  const behind = new Set<string>();

  const client = new Centrifuge(options.url, {
    getToken: tokenFrom(async () => (await person.rest.realtimeToken()).token),
    maxReconnectDelay: options.maxReconnectDelay ?? 5_000,
  });
  client.on('disconnected', ({ code, reason }) => {
    ends.push(`connection ${code} ${reason}`);
    changed.fire();
  });
  client.on('state', () => changed.fire());

  const subscribe = (
    channel: string,
    heard: {
      /** What was shown may be behind: at first, and when the server could not recover. */
      load: () => Promise<void>;
      take: (data: Record<string, unknown>) => void;
    },
  ): void => {
    behind.add(channel);
    let loaded = false;
    let lostAt = 0;
    const caughtUp = (): void => {
      loaded = true;
      behind.delete(channel);
      changed.fire();
    };
    const subscription: Subscription = client.newSubscription(channel, {
      getToken: tokenFrom(async () => (await person.rest.subscriptionToken(channel)).token),
    });
    subscription.on('subscribing', () => {
      behind.add(channel);
      lostAt = performance.now();
    });
    subscription.on('subscribed', ({ wasRecovering, recovered }) => {
      if (loaded && wasRecovering && recovered) caughtUp();
      else {
        if (loaded) reloads.push({ channel, lostAt, backAt: performance.now() });
        void heard.load().then(caughtUp);
      }
    });
    subscription.on('unsubscribed', ({ code, reason }) => {
      ends.push(`${channel} ${code} ${reason}`);
      changed.fire();
    });
    subscription.on('publication', (context: PublicationContext) => {
      const data = context.data as Record<string, unknown>;
      raw.push({ channel, offset: context.offset, data, receivedAt: performance.now() });
      malformed.push(...hear(channel, data));
      heard.take(data);
      changed.fire();
    });
    subscription.subscribe();
  };

  for (const id of conversations) {
    const view = watchConversation({ id, rest: person.rest, changed, closed: closing.signal });
    views.set(id, view);
    subscribe(conversationChannel(id), {
      load: () => view.load(),
      take: (data) => view.take(data),
    });
  }
  if (options.chat) {
    subscribe(chatChannel(person.id), {
      load: async () => void (await Promise.all([presence.load(), options.heeding?.load()])),
      take: (data) => {
        presence.take(data);
        options.heeding?.take(data);
      },
    });
  }
  client.connect();

  const wait: Recorder['until'] = (condition, { timeoutMs, what }) =>
    until(condition, { timeoutMs, what, on: [changed] });
  return {
    name: person.name,
    person,
    conversations,
    raw,
    malformed,
    shown: (id) => views.get(id)?.shown ?? [],
    states: (id) => views.get(id)?.states ?? new Map(),
    presence: presence.shown,
    reloads,
    refetches: () => [...views.values()].reduce((sum, view) => sum + view.refetches(), 0),
    ends,
    changed,
    isReady: () => behind.size === 0,
    ready: (timeoutMs = 15_000) =>
      wait(() => behind.size === 0, {
        timeoutMs,
        what: () => `${person.name} to be subscribed (${ends.join(', ') || 'no end was told'})`,
      }),
    until: wait,
    close: () => {
      closing.abort();
      client.disconnect();
    },
  };
}

/** Stops asking where the API says that this user may not hear the channel; the client repeats all else. */
function tokenFrom(ask: () => Promise<string>): () => Promise<string> {
  return async () => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof RestProblem && error.status === 403)
        throw new UnauthorizedError(error.code);
      throw error;
    }
  };
}
