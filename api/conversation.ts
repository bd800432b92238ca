import { UpdateConversationRequest } from '@rov/realtime';
import type { Conversation } from '@rov/realtime';
import { Router } from 'express';

import { listConversations } from '../core/chat/list-conversations.ts';
import { plainLine } from '../core/chat/plain-text.ts';
import { updateConversation } from '../core/chat/update-conversation.ts';
import { handle, nothing, ok } from './handle.ts';
import { ConversationPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

const CODES = {
  not_found: 'not_found',
  forbidden: 'role_required',
  direct: 'direct_conversation',
} as const;

/** One conversation, and what it is called. */
export function conversationRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  router.get(
    '/v1/conversations/:conversationId',
    handle({ ...nothing, path: ConversationPath }, async ({ caller, path }) =>
      ok(await conversationFor({ sql, ask }, { userId: caller.id, ...path })),
    ),
  );

  router.patch(
    '/v1/conversations/:conversationId',
    handle(
      { ...nothing, path: ConversationPath, body: UpdateConversationRequest },
      async ({ caller, path, body }) => {
        const title = body.title === undefined ? undefined : plainLine(body.title);
        if (title === null || title === '') throw new Refusal('title_not_allowed');
        const change = { ...path, actorId: caller.id, ...body, title };
        const updated = await ask.write(() => updateConversation(sql, change), {
          repeatable: true,
        });
        if (!('shard' in updated)) throw new Refusal(CODES[updated.outcome]);
        bell.ring(updated.shard);
        return ok(await conversationFor({ sql, ask }, { userId: caller.id, ...path }));
      },
    ),
  );

  return router;
}

/** A conversation as one of its members sees it in the list; refused as `not_found` for others. */
export async function conversationFor(
  { sql, ask }: Pick<RouteDependencies, 'sql' | 'ask'>,
  asked: { userId: string; conversationId: string },
): Promise<Conversation> {
  const [found] = await ask.read(() => listConversations(sql, { ...asked, limit: 1 }));
  if (found === undefined) throw new Refusal('not_found');
  return found.conversation;
}
