import { SyncQuery, VerifyRequest } from '@rov/realtime';
import { Router } from 'express';
import * as z from 'zod';

import { sync } from '../core/chat/sync.ts';
import { verifyHeads } from '../core/chat/verify-heads.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { handle, nothing, ok } from './handle.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** What is told at first, and the most that is told of what changed: beyond that a list is read faster page by page. */
const FIRST = 100;
const CHANGED = 200;
/** Long before the numbers of transactions, which have 64 bits, come round: a bound for what has to be considered. */
const KEPT_DAYS = 30;

/** Where a sync goes on: the oldest transaction that was not over, in which delivery epoch, and when that was. */
const Since = z.object({
  xmin: z.string().regex(/^\d{1,19}$/),
  epoch: z.string(),
  at: z.int().nonnegative(),
});

export function syncRoutes({ sql, ask }: Pick<RouteDependencies, 'sql' | 'ask'>): Router {
  const router = Router();

  router.get(
    '/v1/sync',
    handle({ ...nothing, query: SyncQuery }, async ({ caller, query }) => {
      const since = readCursor(Since, query.cursor);
      const isOld = since !== undefined && Date.now() - since.at > KEPT_DAYS * 86_400_000;
      if (isOld) throw new Refusal('cursor_expired');
      const asked = {
        userId: caller.id,
        since: since?.xmin ?? null,
        limit: since === undefined ? FIRST : CHANGED,
      };
      const { xmin, me, ...changed } = await ask.read(() => sync(sql, asked));
      // After a restore what the cursor has seen may never have happened.
      if (since !== undefined && since.epoch !== changed.epoch) throw new Refusal('cursor_expired');
      return ok({
        cursor: writeCursor({ xmin, epoch: changed.epoch, at: Date.now() }),
        ...changed,
        me: { profile: caller, ...me },
      });
    }),
  );

  router.post(
    '/v1/sync/verify',
    handle({ ...nothing, body: VerifyRequest }, async ({ caller, body }) =>
      ok(await ask.read(() => verifyHeads(sql, { userId: caller.id, ...body }))),
    ),
  );

  return router;
}
