import type { Message, SendMessageRequest } from '../../contract/index.ts';

/** What is to be sent. `clientId` is chosen once: every retry repeats it, so that nothing is said twice. */
export type Written = SendMessageRequest & {
  /** Milliseconds since the epoch. */
  writtenAt: number;
};

/** A message of one's own that the server has not confirmed yet. */
export type PendingSend = Written & {
  state: 'queued' | 'sending' | 'failed';
  /** Why it failed, in words for the sender. */
  reason: string | null;
  /** When it is tried again by itself; null when the server refused it for good. */
  retryAt: number | null;
  attempts: number;
};

export type Pending = readonly PendingSend[];

export function withQueued(pending: Pending, send: Written): Pending {
  if (pending.some(({ clientId }) => clientId === send.clientId)) return pending;
  return [...pending, { ...send, state: 'queued', reason: null, retryAt: null, attempts: 0 }];
}

export function withSending(pending: Pending, clientId: string): Pending {
  return change(pending, clientId, (send) => ({
    ...send,
    state: 'sending',
    attempts: send.attempts + 1,
  }));
}

export function withFailed(
  pending: Pending,
  clientId: string,
  failure: { reason: string; retryAt: number | null },
): Pending {
  return change(pending, clientId, (send) => ({ ...send, state: 'failed', ...failure }));
}

/** The sender asks to try again now. */
export function withRetry(pending: Pending, clientId: string): Pending {
  return change(pending, clientId, (send) =>
    send.state === 'failed' ? { ...send, state: 'queued', reason: null, retryAt: null } : send,
  );
}

/** The connection is back: whatever waits for its time need not wait longer. */
export function withAllRetried(pending: Pending): Pending {
  return pending.map((send) =>
    send.state === 'failed' && send.retryAt !== null
      ? { ...send, state: 'queued', reason: null, retryAt: null }
      : send,
  );
}

export function withoutSend(pending: Pending, clientId: string): Pending {
  return pending.filter((send) => send.clientId !== clientId);
}

/** Without what turned up as a message, be it by the answer, by an event or in a page. */
export function withoutArrived(
  pending: Pending,
  { messages, me }: { messages: readonly Message[]; me: string },
): Pending {
  if (pending.length === 0) return pending;
  const arrived = new Set(
    messages.filter(({ senderId }) => senderId === me).map(({ clientId }) => clientId),
  );
  const left = pending.filter((send) => !arrived.has(send.clientId));
  return left.length === pending.length ? pending : left;
}

/**
 * What to send next, and in how many milliseconds. One at a time and in the order of writing: a send
 * that waits for its retry holds back those behind it, one that was refused for good does not.
 */
export function nextSend(
  pending: Pending,
  now: number,
): { send: PendingSend; waitMs: number } | null {
  if (pending.some(({ state }) => state === 'sending')) return null;
  const send = pending.find(({ state, retryAt }) => state === 'queued' || retryAt !== null);
  if (send === undefined) return null;
  return { send, waitMs: Math.max(0, (send.retryAt ?? now) - now) };
}

function change(
  pending: Pending,
  clientId: string,
  to: (send: PendingSend) => PendingSend,
): Pending {
  return pending.map((send) => (send.clientId === clientId ? to(send) : send));
}
