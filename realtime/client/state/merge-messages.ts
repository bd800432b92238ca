import type { Message } from '../../contract/index.ts';

/**
 * Two lists as one: rising `seq`, each message once, of two states the one with the higher `ev`. Of equal ones the
 * server's own answer holds (`told`), which knows what its reader chose.
 * Returns `known` itself when `fresh` brings nothing, so that nobody has anything to draw.
 */
export function mergeMessages(
  known: readonly Message[],
  fresh: readonly Message[],
  { told }: { told: boolean },
): readonly Message[] {
  if (fresh.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  let changed = false;
  for (const message of fresh) {
    const held = byId.get(message.id);
    if (held !== undefined && !isNewer(message, held, told)) continue;
    byId.set(message.id, message);
    changed = true;
  }
  return changed ? [...byId.values()].toSorted((a, b) => a.seq - b.seq) : known;
}

function isNewer(message: Message, held: Message, told: boolean): boolean {
  const difference = age(message, held);
  if (difference !== 0 || !told) return difference > 0;
  return JSON.stringify(message) !== JSON.stringify(held);
}

/** Servers from before numbered only edits; what is numbered is younger than they are. */
function age(message: Message, held: Message): number {
  if (message.ev !== undefined && held.ev !== undefined) return message.ev - held.ev;
  const edits = message.revision - held.revision;
  if (edits !== 0 || message.ev === held.ev) return edits;
  return message.ev === undefined ? -1 : 1;
}
