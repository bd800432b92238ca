import { AddMembersRequest, ListQuery, UserId } from '@rov/realtime';
import type { MemberList } from '@rov/realtime';
import { Router } from 'express';
import type * as z from 'zod';

import { addMembers } from '../core/chat/add-members.ts';
import { listMembers } from '../core/chat/list-members.ts';
import { pageOf, readCursor } from './cursor.ts';
import { handle, nothing, ok } from './handle.ts';
import { MEMBER_REFUSALS } from './member.ts';
import { ConversationPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** Who is in a conversation, and who is invited into it. */
export function memberListRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  async function membersOf(
    asker: { conversationId: string; userId: string },
    query: z.output<typeof ListQuery>,
  ): Promise<MemberList> {
    const cursor = readCursor(UserId, query.cursor);
    const found = await ask.read(() =>
      listMembers(sql, { ...asker, cursor, limit: query.limit + 1 }),
    );
    if (found === null) throw new Refusal('not_found');
    const { rows, nextCursor } = pageOf(found, {
      limit: query.limit,
      placeOf: ({ userId }) => userId,
    });
    return { items: [...rows], nextCursor };
  }

  router.get(
    '/v1/conversations/:conversationId/members',
    handle(
      { ...nothing, path: ConversationPath, query: ListQuery },
      async ({ caller, path, query }) => ok(await membersOf({ ...path, userId: caller.id }, query)),
    ),
  );

  router.post(
    '/v1/conversations/:conversationId/members',
    handle(
      { ...nothing, path: ConversationPath, body: AddMembersRequest },
      async ({ caller, path, body }) => {
        const invitation = { ...path, actorId: caller.id, userIds: body.userIds };
        // Whoever is in already stays as they are, so a repeat adds nobody twice.
        const added = await ask.write(() => addMembers(sql, invitation), { repeatable: true });
        if (added.outcome !== 'added') throw new Refusal(MEMBER_REFUSALS[added.outcome]);
        bell.ring(added.shard);
        return ok(await membersOf({ ...path, userId: caller.id }, { limit: 100 }));
      },
    ),
  );

  return router;
}
