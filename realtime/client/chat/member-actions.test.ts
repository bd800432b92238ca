import { describe, expect, test } from 'vitest';

import { exampleConversation } from '../../../test/chat-client/example.ts';
import { emptyChat } from '../state/chat-state.ts';
import { ApiProblem } from './api-problem.ts';
import type { ChatApi } from './chat-api.ts';
import { createStore } from './create-store.ts';
import { createMemberActions } from './member-actions.ts';

const GROUP = exampleConversation({ id: 'c1', kind: 'group', title: 'Plans', role: 'owner' });

function refusal(status: number, code: string) {
  return async () => {
    throw new ApiProblem({ status, code, message: 'No.' });
  };
}

/** Ann's list with one group, on an API of which only `parts` answer. */
function inGroup(parts: Partial<ChatApi>) {
  const store = createStore(emptyChat('ann'), () => {});
  store.dispatch({ type: 'list', asked: 9, list: { items: [GROUP], nextCursor: null } });
  const actions = createMemberActions({ store, api: parts as unknown as ChatApi });
  return { actions, titles: () => store.get().inbox.conversations.map(({ title }) => title) };
}

describe('a group', () => {
  test('goes from the list when its user leaves, also when an answer was lost before', async () => {
    const left = inGroup({ removeMember: async () => null });
    await left.actions.leave('c1');
    expect(left.titles()).toEqual([]);
    const outAlready = inGroup({ removeMember: refusal(404, 'not_found') });
    await outAlready.actions.leave('c1');
    expect(outAlready.titles()).toEqual([]);
  });

  test('stays when its last owner may not leave', async () => {
    const { actions, titles } = inGroup({ removeMember: refusal(409, 'last_owner') });
    await expect(actions.leave('c1')).rejects.toMatchObject({ code: 'last_owner' });
    expect(titles()).toEqual(['Plans']);
  });

  test('has its new title before any event tells of it', async () => {
    const { actions, titles } = inGroup({
      change: async (_id, { title = null }) => ({ ...GROUP, title, ev: 4 }),
    });
    await actions.changeConversation('c1', { title: 'Picnic' });
    expect(titles()).toEqual(['Picnic']);
  });

  test('is without somebody who was removed twice', async () => {
    const { actions } = inGroup({ removeMember: refusal(404, 'not_found') });
    await expect(actions.removeMember('c1', 'ben')).resolves.toBeNull();
    const forbidden = inGroup({ removeMember: refusal(403, 'role_required') });
    await expect(forbidden.actions.removeMember('c1', 'ben')).rejects.toMatchObject({
      code: 'role_required',
    });
  });
});
