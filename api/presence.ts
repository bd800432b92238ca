import { PresenceQuery, PresenceSessionRequest } from '@rov/realtime';
import { Router } from 'express';

import { endPresence, presenceOf, touchPresence } from '../core/presence/presence.ts';
import type { PresenceTimes } from '../core/presence/presence.ts';
import { handle, noContent, nothing, ok } from './handle.ts';
import { SessionPath } from './paths.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** Who is there. A session is one open page or app; it beats, and says goodbye. */
export function presenceRoutes({
  sql,
  ask,
  bell,
  times,
}: RouteDependencies & { times: PresenceTimes }): Router {
  const router = Router();

  router.put(
    '/v1/presence/sessions/:sessionId',
    handle(
      { ...nothing, path: SessionPath, body: PresenceSessionRequest },
      async ({ caller, path, body }) => {
        const beat = { ...path, userId: caller.id, state: body.state, leaseMs: times.leaseMs };
        const { status, shard } = await ask.write(() => touchPresence(sql, beat), {
          repeatable: true,
        });
        if (shard !== null) bell.ring(shard);
        return ok({ status, nextInMs: times.beatMs });
      },
    ),
  );

  router.delete(
    '/v1/presence/sessions/:sessionId',
    handle({ ...nothing, path: SessionPath }, async ({ caller, path }) => {
      const goodbye = { ...path, userId: caller.id, graceMs: times.graceMs };
      await ask.write(() => endPresence(sql, goodbye), { repeatable: true });
      return noContent;
    }),
  );

  router.get(
    '/v1/presence',
    handle({ ...nothing, query: PresenceQuery }, async ({ caller, query }) => {
      const asked = { userId: caller.id, userIds: query.userIds };
      return ok({ items: await ask.read(() => presenceOf(sql, asked)) });
    }),
  );

  return router;
}
