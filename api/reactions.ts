import { Router } from 'express';

import { oneEmoji } from '../core/chat/one-emoji.ts';
import { react } from '../core/chat/react.ts';
import { handle, nothing, ok } from './handle.ts';
import { ReactionPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';
import { traceparentOf } from './trace-context.ts';

/** What people think of what others said, in one emoji. */
export function reactionRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  const reacting = (added: boolean) =>
    handle({ ...nothing, path: ReactionPath }, async ({ caller, path, request }) => {
      const emoji = oneEmoji(path.emoji);
      if (emoji === null) throw new Refusal('emoji_not_allowed');
      const reaction = {
        ...path,
        emoji,
        userId: caller.id,
        added,
        traceparent: traceparentOf(request),
      };
      const reacted = await ask.write(() => react(sql, reaction), { repeatable: true });
      if (!('shard' in reacted)) throw new Refusal(reacted.outcome);
      bell.ring(reacted.shard);
      return ok(reacted.message);
    });

  const path = '/v1/conversations/:conversationId/messages/:messageId/reactions/:emoji';
  router.put(path, reacting(true));
  router.delete(path, reacting(false));
  return router;
}
