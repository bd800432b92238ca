import type { ConversationList, Presence } from '../../contract/index.ts';
import type { Connection, ConnectionList } from '../../contract/rest/people.ts';
import type { Need } from '../state/needs.ts';
import type { PageAsked } from '../state/transcript-pages.ts';
import { asProblem, nullWhere404 } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import type { ChatStore } from './create-store.ts';
import { createFetchList } from './fetch-list.ts';

const PAGE = 50;
const WHOLE_PAGE = 100;

interface Context {
  api: ChatApi;
  store: ChatStore;
}

/** Asks for what is needed and hands the answer to the state. */
export function createFetchNeed({ api, store }: Context) {
  const fetchList = createFetchList({ api, store });
  const fetchPage = createFetchPage({ api, store });

  return async function fetchNeed(need: Need): Promise<void> {
    const asked = store.get().turn;
    switch (need.what) {
      case 'list':
        return await fetchList();
      case 'more': {
        const { cursor } = need;
        const list: ConversationList = await api.conversations({ cursor, limit: PAGE });
        return store.dispatch({ type: 'more', list, cursor, asked });
      }
      case 'row': {
        const { conversationId } = need;
        const row = await api.conversation(conversationId).catch(nullWhere404);
        return store.dispatch({ type: 'row', conversationId, row, asked });
      }
      case 'page':
        return await fetchPage(need);
      case 'people':
        return store.dispatch({ type: 'people', items: await allPeople(api), asked });
      case 'presence': {
        const items = await presenceOfAll(api, need.userIds);
        return store.dispatch({ type: 'presence', items, asked });
      }
      default:
        return need satisfies never;
    }
  };
}

function createFetchPage({ api, store }: Context) {
  let knowsChanges = true;

  return async function fetchPage({
    conversationId,
    how: wanted,
  }: Extract<Need, { what: 'page' }>): Promise<void> {
    const asked = store.get().turn;
    const heldTo = store.get().rooms[conversationId]?.transcript.heldTo ?? 0;
    const how: PageAsked =
      wanted.way === 'changed' && !knowsChanges ? { way: 'said', after: heldTo } : wanted;
    try {
      const page = await api.messages(conversationId, queryOf(how));
      store.dispatch({ type: 'page', conversationId, how, page, asked });
    } catch (error) {
      // Servers from before cannot be asked what changed.
      if (how.way !== 'changed' || asProblem(error).status !== 400) throw error;
      knowsChanges = false;
    }
  };
}

function queryOf(how: PageAsked): Parameters<ChatApi['messages']>[1] {
  switch (how.way) {
    case 'latest':
      return { limit: PAGE };
    case 'around':
      return { around: how.seq, limit: PAGE };
    case 'older':
      return { before: how.before, limit: PAGE };
    case 'newer':
      return { after: how.after, limit: PAGE };
    case 'changed':
      return { changedSince: how.since, limit: WHOLE_PAGE };
    case 'said':
      return { after: how.after, limit: WHOLE_PAGE };
    default:
      return how satisfies never;
  }
}

async function allPeople(api: ChatApi): Promise<Connection[]> {
  const items: Connection[] = [];
  let cursor: string | null = null;
  do {
    const page: ConnectionList = await api.connections({ cursor, limit: WHOLE_PAGE });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

async function presenceOfAll(api: ChatApi, userIds: readonly string[]): Promise<Presence[]> {
  const items: Presence[] = [];
  for (let at = 0; at < userIds.length; at += WHOLE_PAGE) {
    items.push(...(await api.presenceOf(userIds.slice(at, at + WHOLE_PAGE))).items);
  }
  return items;
}
