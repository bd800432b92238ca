import type { Profile } from '@rov/realtime';

import type { ApiProblem } from '../api-problem.ts';
import type { Api } from '../api.ts';
import { withoutArrived } from '../state/pending.ts';
import type { Pending } from '../state/pending.ts';
import { emptyTranscript } from '../state/transcript.ts';
import type { Transcript } from '../state/transcript.ts';
import { createStore } from './create-store.ts';
import type { Store } from './create-store.ts';

export type RoomState = {
  transcript: Transcript;
  pending: Pending;
  loadingOlder: boolean;
  /** Why the last attempt to load failed; null once one succeeded. */
  problem: ApiProblem | null;
};

/** What the parts of a room share. */
export type RoomContext = {
  api: Api;
  conversationId: string;
  store: Store<RoomState>;
  /** Changes the transcript; sends that turn up in it are not pending any more. */
  learn: (change: (transcript: Transcript) => Transcript) => void;
};

export function createRoomContext({
  api,
  me,
  conversationId,
}: {
  api: Api;
  me: Profile;
  conversationId: string;
}): RoomContext {
  const store = createStore<RoomState>({
    transcript: emptyTranscript,
    pending: [],
    loadingOlder: false,
    problem: null,
  });
  return {
    api,
    conversationId,
    store,
    learn: (change) =>
      store.update((state) => {
        const transcript = change(state.transcript);
        if (transcript === state.transcript) return state;
        const arrived = { messages: transcript.items, me: me.id };
        return { ...state, transcript, pending: withoutArrived(state.pending, arrived) };
      }),
  };
}
