import type { Message } from '@rov/realtime';

/**
 * Two lists as one: rising `seq`, each message once, of two versions the higher revision.
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
    if (held !== undefined && held.revision >= message.revision) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? [...byId.values()].toSorted((a, b) => a.seq - b.seq) : known;
}
