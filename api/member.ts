import { UpdateMemberRequest } from '@rov/realtime';
import type { Profile } from '@rov/realtime';
import { Router } from 'express';

import { changeRole } from '../core/chat/change-role.ts';
import { removeMember } from '../core/chat/remove-member.ts';
import { handle, noContent, nothing, ok } from './handle.ts';
import { MemberPath } from './paths.ts';
import type { ProblemCode } from './problem-codes.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

type Refused = 'not_found' | 'forbidden' | 'direct' | 'last_owner' | 'unknown_user';

/** Of whatever is done to the members of a conversation. */
export const MEMBER_REFUSALS: Record<Refused, ProblemCode> = {
  not_found: 'not_found',
  forbidden: 'role_required',
  direct: 'direct_conversation',
  last_owner: 'last_owner',
  unknown_user: 'unknown_user',
};

/** One member of a conversation: which role they have, and that they go. */
export function memberRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  router.patch(
    '/v1/conversations/:conversationId/members/:userId',
    handle(
      { ...nothing, path: MemberPath, body: UpdateMemberRequest },
      async ({ caller, path, body }) => {
        const change = { ...path, actorId: caller.id, userId: whoIs(path.userId, caller), ...body };
        // Who stepped down may not ask for it a second time.
        const changed = await ask.write(() => changeRole(sql, change), {
          repeatable: change.userId !== caller.id,
        });
        if (!('shard' in changed)) throw new Refusal(MEMBER_REFUSALS[changed.outcome]);
        bell.ring(changed.shard);
        return ok(changed.member);
      },
    ),
  );

  router.delete(
    '/v1/conversations/:conversationId/members/:userId',
    handle({ ...nothing, path: MemberPath }, async ({ caller, path }) => {
      const { conversationId } = path;
      const userId = whoIs(path.userId, caller);
      // A repeat would not find who is already out, and answer that they never were in.
      const removed = await ask.write(
        () => removeMember(sql, { conversationId, actorId: caller.id, userId }),
        { repeatable: false },
      );
      if (removed.outcome !== 'removed') throw new Refusal(MEMBER_REFUSALS[removed.outcome]);
      bell.ring(removed.shard);
      return noContent;
    }),
  );

  return router;
}

function whoIs(userId: string, caller: Profile): string {
  return userId === 'me' ? caller.id : userId;
}
