import type { Fetched } from '../state/chat-input.ts';
import { needsOf } from '../state/needs.ts';
import type { Need } from '../state/needs.ts';
import { troubleIn } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createLoop } from './create-loop.ts';
import type { Loop } from './create-loop.ts';
import type { ChatStore } from './create-store.ts';
import { createFetchNeed } from './fetch-need.ts';

/** The pace when an answer settled nothing: it is older than an event that was heard. */
const NO_PROGRESS_MS = 500;

/**
 * Fetches what the state lacks: one request at a time for the list, for each row and for each conversation, and again
 * with growing pauses where an attempt failed.
 */
export function createFetcher({ api, store }: { api: ChatApi; store: ChatStore }) {
  const loops = new Map<string, Loop>();
  const fetchNeed = createFetchNeed({ api, store });
  let stopped = true;

  const needOf = (key: string) => needsOf(store.get()).find((need) => keyOf(need) === key);

  function loopOf(key: string, fetched: Fetched): Loop {
    const known =
      loops.get(key) ??
      createLoop({
        step: () => step(key),
        onProblem: (problem) =>
          store.dispatch({ type: 'failed', fetched, trouble: troubleIn(problem) }),
      });
    loops.set(key, known);
    return known;
  }

  async function step(key: string): Promise<'done' | 'again' | number> {
    const need = needOf(key);
    if (need === undefined) {
      loops.delete(key);
      return 'done';
    }
    await fetchNeed(need);
    const left = needOf(key);
    return JSON.stringify(left) === JSON.stringify(need) ? NO_PROGRESS_MS : 'again';
  }

  function look(how: 'wake' | 'nudge') {
    if (stopped) return;
    for (const need of needsOf(store.get())) loopOf(keyOf(need), fetchedBy(need))[how]();
  }

  return {
    start: () => {
      stopped = false;
      look('wake');
    },
    /** Something changed. */
    nudge: () => look('nudge'),
    /** The connection is back, or somebody asks for it: nobody waits any longer. */
    wake: () => look('wake'),
    stop: () => {
      stopped = true;
      for (const loop of loops.values()) loop.stop();
      loops.clear();
    },
  };
}

function keyOf(need: Need): string {
  if (need.what === 'row' || need.what === 'page') return `${need.what} ${need.conversationId}`;
  return need.what === 'more' ? 'list' : need.what;
}

function fetchedBy(need: Need): Fetched {
  switch (need.what) {
    case 'row':
      return { what: 'row', conversationId: need.conversationId };
    case 'page':
      return { what: 'messages', conversationId: need.conversationId };
    case 'more':
      return { what: 'list' };
    default:
      return { what: need.what };
  }
}
