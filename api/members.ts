import { AddMembersRequest, ListQuery, UserId } from '@rov/realtime';
import type { MemberList } from '@rov/realtime';
import { Router } from 'express';
import type * as z from 'zod';

import { addMembers } from '../core/chat/add-members.ts';
import { listMembers } from '../core/chat/list-members.ts';
import { removeMember } from '../core/chat/remove-member.ts';
import { pageOf, readCursor } from './cursor.ts';
import { handle, noContent, nothing, ok } from './handle.ts';
import { ConversationPath, MemberPath } from './paths.ts';
import type { ProblemCode } from './problem-codes.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

type Refused = 'not_found' | 'forbidden' | 'direct' | 'last_owner' | 'unknown_user';

const CODES: Record<Refused, ProblemCode> = {
  not_found: 'not_found',
  forbidden: 'role_required',
  direct: 'direct_conversation',
  last_owner: 'last_owner',
  unknown_user: 'unknown_user',
};

/** Who is in a conversation. */
export function memberRoutes({ sql, ask, bell }: RouteDependencies): Router {
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
        if (added.outcome !== 'added') throw new Refusal(CODES[added.outcome]);
        bell.ring(added.shard);
        return ok(await membersOf({ ...path, userId: caller.id }, { limit: 100 }));
      },
    ),
  );

  router.delete(
    '/v1/conversations/:conversationId/members/:userId',
    handle({ ...nothing, path: MemberPath }, async ({ caller, path }) => {
      const { conversationId } = path;
      const userId = path.userId === 'me' ? caller.id : path.userId;
      // A repeat would not find who is already out, and answer that they never were in.
      const removed = await ask.write(
        () => removeMember(sql, { conversationId, actorId: caller.id, userId }),
        { repeatable: false },
      );
      if (removed.outcome !== 'removed') throw new Refusal(CODES[removed.outcome]);
      bell.ring(removed.shard);
      return noContent;
    }),
  );

  return router;
}
