import { DeliveredRequest, ListQuery, UserId } from '@rov/realtime';
import { Router } from 'express';

import { messageReceipts } from '../core/chat/message-receipts.ts';
import { reportDelivered } from '../core/chat/report-delivered.ts';
import { pageOf, readCursor } from './cursor.ts';
import { handle, nothing, ok } from './handle.ts';
import { MessagePath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** What has reached whom, and who has read it. */
export function receiptRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  router.post(
    '/v1/receipts/delivered',
    handle({ ...nothing, body: DeliveredRequest }, async ({ caller, body }) => {
      const report = { userId: caller.id, items: body.items };
      const { items, shards } = await ask.write(() => reportDelivered(sql, report), {
        repeatable: true,
      });
      for (const shard of shards) bell.ring(shard);
      return ok({ items });
    }),
  );

  router.get(
    '/v1/conversations/:conversationId/messages/:messageId/receipts',
    handle(
      { ...nothing, path: MessagePath, query: ListQuery },
      async ({ caller, path, query: { cursor, limit } }) => {
        const found = await ask.read(() =>
          messageReceipts(sql, {
            ...path,
            userId: caller.id,
            cursor: readCursor(UserId, cursor),
            limit: limit + 1,
          }),
        );
        if (found === null) throw new Refusal('not_found');
        const { items, ...counts } = found;
        const { rows, nextCursor } = pageOf(items, { limit, placeOf: ({ profile }) => profile.id });
        return ok({ ...counts, items: rows, nextCursor });
      },
    ),
  );

  return router;
}
