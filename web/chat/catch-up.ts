import { asProblem } from '../api-problem.ts';
import { needOf, withLatest, withNewer, withOlder } from '../state/transcript.ts';
import { createLoop } from './create-loop.ts';
import type { RoomContext } from './room-context.ts';

const PAGE = 50;
const CATCH_UP_PAGE = 100;

/** The pace when a page settled nothing: the server's answer is older than an event that was heard. */
const NO_PROGRESS_MS = 500;

/** Fetches what the transcript lacks, and older pages on request. */
export function createCatchUp({ api, conversationId, store, learn }: RoomContext) {
  const loop = createLoop({
    step: fetchWhatIsMissing,
    onProblem: (problem) => store.update((state) => ({ ...state, problem })),
  });

  async function fetchWhatIsMissing() {
    const before = store.get().transcript;
    const need = needOf(before);
    if (need === null) return 'done';
    if (need === 'latest') {
      const page = await api.messages(conversationId, { limit: PAGE });
      learn((transcript) => withLatest(transcript, page, before.doubts));
    } else {
      const after = { after: before.heldTo, limit: CATCH_UP_PAGE };
      const page = await api.messages(conversationId, after);
      learn((transcript) => withNewer(transcript, page, before.doubts));
    }
    store.update((state) => (state.problem === null ? state : { ...state, problem: null }));
    const { heldTo, ev, settled } = store.get().transcript;
    const moved = heldTo > before.heldTo || ev > before.ev || settled > before.settled;
    return moved ? 'again' : NO_PROGRESS_MS;
  }

  async function loadOlder() {
    const { transcript, loadingOlder } = store.get();
    const first = transcript.items[0];
    if (loadingOlder || !transcript.hasOlder || first === undefined) return;
    store.update((state) => ({ ...state, loadingOlder: true, problem: null }));
    try {
      const page = await api.messages(conversationId, { before: first.seq, limit: PAGE });
      learn((known) => withOlder(known, page));
    } catch (error) {
      store.update((state) => ({ ...state, problem: asProblem(error) }));
    } finally {
      store.update((state) => ({ ...state, loadingOlder: false }));
    }
  }

  return { wake: loop.wake, stop: loop.stop, loadOlder: () => void loadOlder() };
}
