import { setTimeout as sleep } from 'node:timers/promises';

import type { Message } from '@rov/realtime';

import { RestProblem } from './rest.ts';
import type { Rest } from './rest.ts';
import type { Signal } from './until.ts';

/** A message at the moment at which it appeared to the user. Never moved, never removed. */
export type Shown = {
  conversationId: string;
  clientId: string;
  id: string;
  from: 'live' | 'rest';
  /** `performance.now()` of the test's process. */
  shownAt: number;
};

export type ConversationView = {
  shown: readonly Shown[];
  refetches(): number;
  /** Reads what it does not have yet. */
  load(): Promise<void>;
  take(event: Record<string, unknown>): void;
};

const ASK_AGAIN_AFTER_MS = 500;

/**
 * The least that a page has to do: events in the order of `ev`; one that is not the next means that something was
 * missed, and so does a `resync`: then read again. An event without a number is shown as it comes.
 */
export function watchConversation(options: {
  id: string;
  rest: Pick<Rest, 'messages'>;
  changed: Signal;
  /** Aborted when nobody looks at it any more. */
  closed: AbortSignal;
}): ConversationView {
  const shown: Shown[] = [];
  const ids = new Set<string>();
  let ev = 0;
  let seq = 0;
  let reads = 0;
  // One thing after the other: what comes in while a page is being read waits for it.
  let work: Promise<void> = Promise.resolve();

  const show = (message: Message, from: Shown['from']): void => {
    seq = Math.max(seq, message.seq ?? 0);
    if (ids.has(message.id)) return;
    ids.add(message.id);
    shown.push({
      conversationId: options.id,
      clientId: message.clientId,
      id: message.id,
      from,
      shownAt: performance.now(),
    });
    options.changed.fire();
  };

  /** Asks until it is answered: one that gave up would show nothing more, and what came later would look lost. */
  const pageAfter = async (last: number): ReturnType<Rest['messages']> => {
    for (;;) {
      try {
        return await options.rest.messages(options.id, { after: last, limit: 100 });
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
        if (options.closed.aborted) return new Promise(() => {});
        await sleep(ASK_AGAIN_AFTER_MS);
      }
    }
  };

  const read = async (after: number): Promise<void> => {
    reads += 1;
    let from = after;
    for (;;) {
      const page = await pageAfter(from);
      for (const message of page.items) show(message, 'rest');
      from = page.items.at(-1)?.seq ?? from;
      if (!page.hasNewer) {
        ev = Math.max(ev, page.ev);
        return;
      }
    }
  };

  const hear = async (event: Record<string, unknown>): Promise<void> => {
    const number = event['ev'];
    if (typeof number === 'number') {
      if (number <= ev) return;
      if (number > ev + 1) await read(seq);
      else if (event['type'] === 'resync') await read(Math.max(0, Number(event['fromSeq']) - 1));
      ev = Math.max(ev, number);
    }
    if (event['type'] === 'message') show(event['message'] as Message, 'live');
  };

  const after = (step: () => Promise<void>): Promise<void> => (work = work.then(step));
  return {
    shown,
    refetches: () => Math.max(0, reads - 1),
    load: () => after(() => read(seq)),
    take: (event) => void after(() => hear(event)),
  };
}

/** Whether the API could not answer; a refusal, and an answer of another shape than the contract's, are faults. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof RestProblem) return error.status === 503;
  const cutOff = error instanceof TypeError && error.cause !== undefined;
  return cutOff || (error instanceof Error && error.name === 'TimeoutError');
}
