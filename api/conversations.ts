import { ConversationsQuery, CreateGroupRequest } from '@rov/realtime';
import { Router } from 'express';
import * as z from 'zod';

import { createGroup } from '../core/chat/create-group.ts';
import { listConversations } from '../core/chat/list-conversations.ts';
import { openDirect } from '../core/chat/open-direct.ts';
import { plainLine } from '../core/chat/plain-text.ts';
import { newId } from '../core/new-id.ts';
import { conversationFor } from './conversation.ts';
import { pageOf, readCursor } from './cursor.ts';
import { created, handle, nothing, ok, replayed } from './handle.ts';
import { UserPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** Behind which conversation the list goes on: Postgres' own words for the instant, exact to the microsecond. */
const Place = z.object({
  lastActiveAt: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/),
  id: z.uuid(),
});

/** A user's conversations: the list of them, and how a new one comes into it. */
export function conversationListRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  const conversationOf = (userId: string, conversationId: string) =>
    conversationFor({ sql, ask }, { userId, conversationId });

  router.get(
    '/v1/conversations',
    handle({ ...nothing, query: ConversationsQuery }, async ({ caller, query }) => {
      const cursor = readCursor(Place, query.cursor);
      const found = await ask.read(() =>
        listConversations(sql, {
          userId: caller.id,
          cursor,
          filter: query.filter,
          limit: query.limit + 1,
        }),
      );
      const { rows, nextCursor } = pageOf(found, {
        limit: query.limit,
        placeOf: ({ lastActiveAt, conversation }) => ({ lastActiveAt, id: conversation.id }),
      });
      return ok({ items: rows.map(({ conversation }) => conversation), nextCursor });
    }),
  );

  router.post(
    '/v1/conversations',
    handle({ ...nothing, body: CreateGroupRequest }, async ({ caller, body }) => {
      const title = plainLine(body.title);
      if (!title) throw new Refusal('title_not_allowed');
      const group = { ...body, id: newId(), founderId: caller.id, title };
      const made = await ask.write(() => createGroup(sql, group), { repeatable: true });
      if (!('shard' in made)) throw new Refusal(made.outcome);
      bell.ring(made.shard);
      const conversation = await conversationOf(caller.id, made.conversationId);
      return made.outcome === 'created' ? created(conversation) : replayed(conversation);
    }),
  );

  router.put(
    '/v1/conversations/direct/:userId',
    handle({ ...nothing, path: UserPath }, async ({ caller, path }) => {
      if (path.userId === caller.id) throw new Refusal('not_with_oneself');
      const pair = { id: newId(), userId: caller.id, otherId: path.userId };
      const opened = await ask.write(() => openDirect(sql, pair), { repeatable: true });
      if (opened.outcome === 'unknown_user') throw new Refusal(opened.outcome);
      bell.ring(opened.shard);
      const conversation = await conversationOf(caller.id, opened.conversationId);
      return opened.outcome === 'created' ? created(conversation) : ok(conversation);
    }),
  );

  return router;
}
