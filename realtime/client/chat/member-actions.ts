import type { Conversation, MemberRole } from '../../contract/index.ts';
import { nullWhere404 } from './api-problem.ts';
import type { ChatApi, Page } from './chat-api.ts';
import type { ChatStore } from './create-store.ts';

/** What is done to a group and to those in it. Each rejects with an `ApiProblem` where the role does not allow it. */
export function createMemberActions({ api, store }: { api: ChatApi; store: ChatStore }) {
  /** Another title or picture; null takes the picture away. */
  async function changeConversation(
    conversationId: string,
    to: { title?: string; image?: string | null },
  ): Promise<Conversation> {
    const asked = store.get().turn;
    const row = await api.change(conversationId, to);
    store.dispatch({ type: 'row', conversationId, row, asked });
    return row;
  }

  /** Whoever is out already, because an answer was lost, has left. */
  async function leave(conversationId: string): Promise<void> {
    const asked = store.get().turn;
    await api.removeMember(conversationId, 'me').catch(nullWhere404);
    store.dispatch({ type: 'row', conversationId, row: null, asked });
  }

  return {
    changeConversation,
    leave,
    /** A page of those who are in a conversation, by user id. */
    members: (conversationId: string, page: Page = {}) => api.members(conversationId, page),
    addMembers: (conversationId: string, userIds: readonly string[]) =>
      api.addMembers(conversationId, userIds),
    changeRole: (conversationId: string, userId: string, role: MemberRole) =>
      api.changeRole(conversationId, userId, role),
    /** Whoever is out already need not be removed. */
    removeMember: (conversationId: string, userId: string) =>
      api.removeMember(conversationId, userId).catch(nullWhere404),
  };
}
