import type { Connection } from '@rov/realtime';

import type { ApiProblem } from '../api-problem.ts';
import type { Api } from '../api.ts';
import { createLoop } from './create-loop.ts';
import { createStore } from './create-store.ts';

const PAGE = 100;

export type PeopleState = {
  status: 'loading' | 'ready';
  items: readonly Connection[];
  problem: ApiProblem | null;
};

/** The user's contacts: with whom a conversation can be started. Read whole, once, and again on request. */
export function createPeople({ api }: { api: Api }) {
  const store = createStore<PeopleState>({ status: 'loading', items: [], problem: null });
  let asked = false;
  const loop = createLoop({
    step: load,
    onProblem: (problem) => store.update((state) => ({ ...state, problem })),
  });

  async function load() {
    if (!asked) return 'done';
    const items: Connection[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Api['connections']>> = await api.connections({
        ...(cursor === null ? {} : { cursor }),
        limit: PAGE,
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    asked = false;
    store.update(() => ({ status: 'ready', items, problem: null }));
    return 'again';
  }

  function refresh() {
    asked = true;
    loop.wake();
  }

  /** `resume` goes on where an attempt failed. */
  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh,
    resume: loop.wake,
    stop: loop.stop,
  };
}
