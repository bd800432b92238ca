import { TypingRequest, ViewingRequest } from '@rov/realtime';
import type { Taken } from '@rov/realtime';
import { Router } from 'express';

import { standingIn } from '../core/chat/standing-in.ts';
import type { Sql } from '../core/db/database.ts';
import type { AskDatabase } from './ask-database.ts';
import { createEphemeralPace } from './ephemeral-pace.ts';
import type { Ephemeral } from './ephemeral.ts';
import { accepted, handle, nothing } from './handle.ts';
import { ConversationPath } from './paths.ts';
import { Refusal } from './refusal.ts';

/** How long others believe it without hearing it again. */
const LIFE_MS = { typing: 7_000, viewing: 60_000 };

/** In a larger conversation nobody is told: somebody would always be typing, and everybody hear of it. */
const MEMBER_LIMIT = 100;

type Said = { conversationId: string; userId: string; state: 'start' | 'stop' };

/** What somebody does in a conversation at this moment: worth telling, and no harm if it is lost. */
export function typingRoutes(deps: { sql: Sql; ask: AskDatabase; ephemeral: Ephemeral }): Router {
  const { sql, ask, ephemeral } = deps;
  const pace = createEphemeralPace({ everyMs: 2_000, capacity: 10_000 });
  const router = Router();

  async function tell(type: 'typing' | 'viewing', said: Said): Promise<Taken> {
    const standing = await ask.read(() => standingIn(sql, said));
    if (standing === null) throw new Refusal('not_found');
    // Who types is about to be seen by what they say; who only looks need not be.
    const isHidden = type === 'viewing' && standing.isInvisible;
    if (standing.members > MEMBER_LIMIT || isHidden) return { expiresInMs: 0 };

    const { conversationId, userId, state } = said;
    const lifeMs = LIFE_MS[type];
    const subject = `${type} ${conversationId} ${userId}`;
    const { isNews, believedMs } = pace.take({ subject, state, lifeMs });
    if (isNews) {
      const expiresInMs = state === 'start' ? lifeMs : 0;
      ephemeral.tell({ v: 1, type, ...said, at: new Date().toISOString(), expiresInMs });
    }
    return { expiresInMs: believedMs };
  }

  router.post(
    '/v1/conversations/:conversationId/typing',
    handle(
      { ...nothing, path: ConversationPath, body: TypingRequest },
      async ({ caller, path, body }) =>
        accepted(await tell('typing', { ...path, ...body, userId: caller.id })),
    ),
  );

  router.post(
    '/v1/conversations/:conversationId/viewing',
    handle(
      { ...nothing, path: ConversationPath, body: ViewingRequest },
      async ({ caller, path, body }) =>
        accepted(await tell('viewing', { ...path, ...body, userId: caller.id })),
    ),
  );

  return router;
}
