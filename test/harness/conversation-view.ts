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
  /** Each message as it is now before the user's eyes, by id: of two states the one with the higher `ev`. */
  states: ReadonlyMap<string, Message>;
  refetches(): number;
  /** Reads what it does not have yet. */
  load(): Promise<void>;
  take(event: Record<string, unknown>): void;
};

const ASK_AGAIN_AFTER_MS = 500;

/**
 * The least that a page has to do: events in the order of `ev`; one that is not the next means that something was
 * missed, and so does a `resync`: then read again, what is new by `seq` and what became of the rest by `ev`. An event
 * without a number is shown as it comes.
 */
export function watchConversation(options: {
  id: string;
  rest: Pick<Rest, 'messages'>;
  changed: Signal;
  /** Aborted when nobody looks at it any more. */
  closed: AbortSignal;
}): ConversationView {
  const shown: Shown[] = [];
  const states = new Map<string, Message>();
  let ev = 0;
  let seq = 0;
  let reads = 0;
  // One thing after the other: what comes in while a page is being read waits for it.
  let work: Promise<void> = Promise.resolve();

  const merge = (message: Message): boolean => {
    const known = states.get(message.id);
    if (!known || (message.ev ?? 0) > (known.ev ?? 0)) states.set(message.id, message);
    return known === undefined;
  };
  /** What is not shown yet will be in its turn. */
  const mergeKnown = (messages: readonly Message[]): void => {
    for (const message of messages) if (states.has(message.id)) merge(message);
  };
  const show = (message: Message, from: Shown['from']): void => {
    seq = Math.max(seq, message.seq ?? 0);
    if (!merge(message)) return;
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
  const ask = async (query: {
    after?: number;
    changedSince?: number;
  }): ReturnType<Rest['messages']> => {
    for (;;) {
      try {
        return await options.rest.messages(options.id, { ...query, limit: 100 });
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
        if (options.closed.aborted) return new Promise(() => {});
        await sleep(ASK_AGAIN_AFTER_MS);
      }
    }
  };

  const readNew = async (after: number): Promise<number> => {
    for (let from = after; ;) {
      const page = await ask({ after: from });
      for (const message of page.items) show(message, 'rest');
      from = page.items.at(-1)?.seq ?? from;
      if (!page.hasNewer) return page.ev;
    }
  };
  /** What happened meanwhile to what is shown already. */
  const readChanges = async (since: number): Promise<void> => {
    for (let from = since; ;) {
      const page = await ask({ changedSince: from });
      mergeKnown(page.items);
      from = page.items.at(-1)?.ev ?? from;
      if (!page.hasNewer) return;
    }
  };
  const read = async (after: number): Promise<void> => {
    reads += 1;
    const before = ev;
    const through = await readNew(after);
    if (before > 0) await readChanges(before);
    ev = Math.max(ev, through);
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
    else if (event['message']) mergeKnown([event['message'] as Message]);
  };

  const after = (step: () => Promise<void>): Promise<void> => (work = work.then(step));
  return {
    shown,
    states,
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
