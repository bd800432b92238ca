import type { PendingSend } from '../client/state/pending.ts';
import type { Message } from '../contract/index.ts';

/** A line of a conversation: a message, or a send of one's own that is not confirmed yet. */
export type Entry =
  | { kind: 'message'; key: string; message: Message }
  | { kind: 'send'; key: string; send: PendingSend };

interface Lines {
  items: readonly Message[];
  pending: readonly PendingSend[];
}

/**
 * Messages by `seq`, then what is to be sent. A send keeps its key when it becomes a message, and an entry is the same
 * object as long as nothing happened to it.
 */
export function createEntries(me: string): (lines: Lines) => readonly Entry[] {
  const messages = new WeakMap<Message, Entry>();
  const sends = new WeakMap<PendingSend, Entry>();

  function ofMessage(message: Message): Entry {
    const key = `${message.senderId} ${message.clientId}`;
    return remembered(messages, message, () => ({ kind: 'message', key, message }));
  }

  function ofSend(send: PendingSend): Entry {
    const key = `${me} ${send.clientId}`;
    return remembered(sends, send, () => ({ kind: 'send', key, send }));
  }

  return ({ items, pending }) => [
    ...items.map((message) => ofMessage(message)),
    ...pending.map((send) => ofSend(send)),
  ];
}

function remembered<From extends object>(
  known: WeakMap<From, Entry>,
  from: From,
  make: () => Entry,
): Entry {
  const entry = known.get(from) ?? make();
  known.set(from, entry);
  return entry;
}
