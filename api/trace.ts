import { MessageTrace } from '@rov/realtime';
import { Router } from 'express';

import { traceMessage } from '../core/chat/trace-message.ts';
import { handle, nothing, ok } from './handle.ts';
import { MessagePath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** What became of a message on its way to those who listen. */
export function traceRoutes({ sql, ask }: Pick<RouteDependencies, 'sql' | 'ask'>): Router {
  const router = Router();

  router.get(
    '/v1/conversations/:conversationId/messages/:messageId/trace',
    handle({ ...nothing, path: MessagePath }, async ({ caller, path }) => {
      const { conversationId, messageId } = path;
      const reader = { userId: caller.id, conversationId };
      const answer = await ask.read(() => traceMessage(sql, { messageId, reader }));
      if (answer.outcome === 'forbidden') throw new Refusal('role_required');
      if (answer.outcome === 'not_found') throw new Refusal('not_found');
      return ok(MessageTrace.parse(answer.trace));
    }),
  );

  return router;
}
