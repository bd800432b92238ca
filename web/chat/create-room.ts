import type { Profile } from '@rov/realtime';

import type { Api } from '../api.ts';
import { withAllRetried } from '../state/pending.ts';
import { withDoubt, withEvent } from '../state/transcript.ts';
import type { TranscriptEvent } from '../state/transcript.ts';
import { createCatchUp } from './catch-up.ts';
import { createRoomContext } from './room-context.ts';
import { createSender } from './send-in-order.ts';

/** How long a message that the list already knows of may be on its way before it counts as missed. */
const OVERDUE_MS = 2000;

export type Room = ReturnType<typeof createRoom>;

/**
 * One conversation as this client holds it: messages, sends under way and the draft. It outlives the
 * view, so that going to another conversation and back loses nothing.
 */
export function createRoom(options: { api: Api; me: Profile; conversationId: string }) {
  const context = createRoomContext(options);
  const { store, learn, conversationId } = context;
  const catchUp = createCatchUp(context);
  const sender = createSender(context);
  let draft = '';
  let overdue: ReturnType<typeof setTimeout> | undefined;

  /** An event of the conversation's channel. */
  function hear(event: TranscriptEvent) {
    learn((transcript) => withEvent(transcript, event));
    catchUp.wake();
  }

  /** Something may have been missed: ask the server. */
  function doubt() {
    learn(withDoubt);
    catchUp.wake();
  }

  /** The list knows of message `seq`; if the channel of a conversation in view stays silent, ask. */
  function expect(seq: number) {
    clearTimeout(overdue);
    if (!store.watched()) return;
    overdue = setTimeout(() => {
      if (store.get().transcript.heldTo < seq) doubt();
    }, OVERDUE_MS);
  }

  /** The connection is back: whatever waits for its time need not wait longer. */
  function resume() {
    store.update((state) => ({ ...state, pending: withAllRetried(state.pending) }));
    sender.wake();
    catchUp.wake();
  }

  /** Nobody looks at it: sends go on, nothing else. */
  function rest() {
    clearTimeout(overdue);
    catchUp.stop();
  }

  function stop() {
    rest();
    sender.stop();
  }

  return {
    conversationId,
    get: store.get,
    subscribe: store.subscribe,
    refresh: catchUp.wake,
    loadOlder: catchUp.loadOlder,
    hear,
    doubt,
    expect,
    resume,
    rest,
    stop,
    send: sender.send,
    retry: sender.retry,
    discard: sender.discard,
    draft: () => draft,
    keepDraft: (text: string) => {
      draft = text;
    },
  };
}
