import { PresenceQuery, PresenceSessionRequest, PresenceStatusRequest } from '@rov/realtime';
import { Router } from 'express';

import {
  choosePresence,
  endPresence,
  presenceOf,
  touchPresence,
} from '../core/presence/presence.ts';
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
        const { leaseMs, quietMs, beatMs } = times;
        const beat = { ...path, userId: caller.id, state: body.state, leaseMs, quietMs };
        const { shard, ...own } = await ask.write(() => touchPresence(sql, beat), {
          repeatable: true,
        });
        if (shard !== null) bell.ring(shard);
        return ok({ ...own, nextInMs: beatMs });
      },
    ),
  );

  router.put(
    '/v1/presence/status',
    handle({ ...nothing, body: PresenceStatusRequest }, async ({ caller, body }) => {
      const choice = { userId: caller.id, chosen: body.status, quietMs: times.quietMs };
      const { shard, ...own } = await ask.write(() => choosePresence(sql, choice), {
        repeatable: true,
      });
      if (shard !== null) bell.ring(shard);
      return ok(own);
    }),
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
