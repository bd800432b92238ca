import { MarkReadRequest, UpdateOwnMembershipRequest } from '@rov/realtime';
import { Router } from 'express';

import { listConversations } from '../core/chat/list-conversations.ts';
import { markRead } from '../core/chat/mark-read.ts';
import { markUnread } from '../core/chat/mark-unread.ts';
import { unread } from '../core/chat/unread.ts';
import { handle, nothing, ok } from './handle.ts';
import { ConversationPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** How far somebody has read, and what is left. */
export function unreadRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  router.put(
    '/v1/conversations/:conversationId/read',
    handle(
      { ...nothing, path: ConversationPath, body: MarkReadRequest },
      async ({ caller, path, body }) => {
        const pointer = { ...path, userId: caller.id, seq: body.seq };
        const state = await ask.write(() => markRead(sql, pointer), { repeatable: true });
        if (state.outcome === 'not_found') throw new Refusal('not_found');
        if (state.shard !== null) bell.ring(state.shard);
        const { lastReadSeq, unreadFromSeq, unreadCount, totalUnread } = state;
        return ok({ lastReadSeq, unreadFromSeq, unreadCount, totalUnread });
      },
    ),
  );

  router.patch(
    '/v1/conversations/:conversationId/me',
    handle(
      { ...nothing, path: ConversationPath, body: UpdateOwnMembershipRequest },
      async ({ caller, path: { conversationId }, body }) => {
        const mark = { conversationId, userId: caller.id, fromSeq: body.unreadFromSeq };
        const marked = await ask.write(() => markUnread(sql, mark), { repeatable: true });
        if (marked.outcome !== 'marked') throw new Refusal(marked.outcome);
        if (marked.shard !== null) bell.ring(marked.shard);
        const [found] = await ask.read(() => listConversations(sql, { ...mark, limit: 1 }));
        if (found === undefined) throw new Refusal('not_found');
        return ok(found.conversation);
      },
    ),
  );

  router.get(
    '/v1/unread',
    handle(nothing, async ({ caller }) => ok(await ask.read(() => unread(sql, caller.id)))),
  );

  return router;
}
