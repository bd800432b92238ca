import type { ChatState } from '@rov/realtime/client';

/**
 * What the server has confirmed to this user and the socket has not brought: one's own messages, edits and reactions in
 * conversations that are listened to. It comes at once, unless deliveries wait.
 */
export function unheardIn({ rooms }: Pick<ChatState, 'rooms'>): string[] {
  return Object.entries(rooms).flatMap(([conversationId, { open, transcript }]) =>
    open
      ? transcript.items
          .filter(({ ev = 0 }) => ev > transcript.ev && !transcript.ahead.includes(ev))
          .map(({ ev }) => `${conversationId} ${ev}`)
      : [],
  );
}

/** Since when each is unheard: as noted before, or from now on. */
export function noted(
  before: ReadonlyMap<string, number>,
  { unheard, now }: { unheard: readonly string[]; now: number },
): ReadonlyMap<string, number> {
  return new Map(unheard.map((key) => [key, before.get(key) ?? now]));
}

/** For how many whole seconds the oldest is unheard; 0 where everything was heard. */
export function delaySeconds(since: ReadonlyMap<string, number>, now: number): number {
  const oldest = Math.min(now, ...since.values());
  return Math.floor((now - oldest) / 1000);
}
