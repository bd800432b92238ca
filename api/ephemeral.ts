import { conversationChannel } from '@rov/realtime';
import type { TypingEvent, ViewingEvent } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import type { CentrifugeServerClient } from '@rov/realtime/server';

export type EphemeralEvent = TypingEvent | ViewingEvent;

/** `lost`: Centrifugo did not take it. `crowded_out`: too many were waiting for Centrifugo already. */
export type EphemeralOutcome = 'published' | 'lost' | 'crowded_out';

export type Ephemeral = {
  /** Tells those who have the conversation open. Returns at once: nobody waits, and nothing is tried again. */
  tell: (event: EphemeralEvent) => void;
  close: () => Promise<void>;
};

type Parts = {
  centrifugo: Pick<CentrifugeServerClient, 'batch' | 'close'>;
  count: (outcome: EphemeralOutcome, events: number) => void;
};

/** What waits for the request under way. As many fit into one request, so nothing waits for two. */
const MOST_WAITING = 500;

/**
 * The one place where this door publishes, and only what may be lost: into no history, without a version and
 * without a key, so that nothing durable on the same channel notices. One request is under way at a time, which
 * keeps the order; what comes in meanwhile goes with the next one, and of what somebody did twice the last.
 */
export function createEphemeral({ centrifugo, count }: Parts): Ephemeral {
  const waiting = new Map<string, EphemeralEvent>();
  let isSending = false;

  async function sendWaiting(): Promise<void> {
    isSending = true;
    while (waiting.size > 0) {
      const events = [...waiting.values()];
      waiting.clear();
      const published = await publish(centrifugo, events);
      if (published > 0) count('published', published);
      if (published < events.length) count('lost', events.length - published);
    }
    isSending = false;
  }

  return {
    tell(event) {
      const subject = `${event.type} ${event.conversationId} ${event.userId}`;
      waiting.delete(subject);
      if (waiting.size >= MOST_WAITING) {
        count('crowded_out', 1);
        return;
      }
      waiting.set(subject, event);
      if (!isSending) void sendWaiting();
    },
    close: () => {
      waiting.clear();
      return centrifugo.close();
    },
  };
}

/** A client for nothing else, so that a Centrifugo that hangs keeps no other call waiting. */
export function connectForEphemeral(options: {
  url: string;
  apiKey: string;
}): CentrifugeServerClient {
  return createCentrifugeServerClient({
    ...options,
    connections: 1,
    timeoutMs: 1_000,
    connectTimeoutMs: 500,
  });
}

/** How many of them Centrifugo took. */
async function publish(
  centrifugo: Parts['centrifugo'],
  events: readonly EphemeralEvent[],
): Promise<number> {
  const commands = events.map((event) => ({
    method: 'publish' as const,
    channel: conversationChannel(event.conversationId),
    data: event,
    skipHistory: true,
  }));
  try {
    const outcomes = await centrifugo.batch(commands);
    return outcomes.filter(({ ok }) => ok).length;
  } catch {
    return 0;
  }
}
