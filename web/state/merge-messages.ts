import type { Message } from '@rov/realtime';

/**
 * Two lists as one: rising `seq`, each message once, of two states the one with the higher `ev`.
 * Returns `known` itself when `fresh` brings nothing, so that React has nothing to draw.
 */
export function mergeMessages(
  known: readonly Message[],
  fresh: readonly Message[],
): readonly Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  let changed = false;
  for (const message of fresh) {
    const held = byId.get(message.id);
    if (held !== undefined && !isNewer(message, held)) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? [...byId.values()].toSorted((a, b) => a.seq - b.seq) : known;
}

/** Servers from before numbered only edits. */
function isNewer(message: Message, held: Message): boolean {
  if (message.ev === undefined || held.ev === undefined) return message.revision > held.revision;
  return message.ev > held.ev;
}
