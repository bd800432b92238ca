import type { Conversation, Presence } from '@rov/realtime';

import { sync } from '../../../core/chat/sync.ts';
import type { Sql } from '../../../core/db/database.ts';

/** What somebody holds who goes by nothing but syncs. */
export type SyncView = {
  conversations: Record<string, Conversation>;
  presence: Record<string, Presence>;
  totalUnread: number;
};

/** A client that only ever syncs. `next` asks once and says which conversations were told. */
export function syncingView(sql: Sql, userId: string, limit = 1_000) {
  let since: string | null = null;
  const view: SyncView = { conversations: {}, presence: {}, totalUnread: 0 };
  return {
    view,
    next: async (): Promise<string[]> => {
      const told = await sync(sql, { userId, since, limit });
      if (told.limited) throw new Error('more changed than one sync tells');
      for (const one of told.conversations) view.conversations[one.id] = one;
      for (const id of told.removed) delete view.conversations[id];
      for (const one of told.presence) view.presence[one.userId] = one;
      view.totalUnread = told.me.totalUnread;
      since = told.xmin;
      return told.conversations.map(({ id }) => id);
    },
  };
}

/** The same as somebody holds it who begins now. */
export async function freshView(sql: Sql, userId: string): Promise<SyncView> {
  const fresh = syncingView(sql, userId);
  await fresh.next();
  return fresh.view;
}
