import { ListQuery, UserId } from '@rov/realtime';
import { Router } from 'express';

import type { Database } from '../core/db/database.ts';
import { connect, disconnect, listConnections } from '../core/people/connections.ts';
import type { AskDatabase } from './ask-database.ts';
import { pageOf, readCursor } from './cursor.ts';
import { created, handle, noContent, nothing, ok } from './handle.ts';
import { UserPath } from './paths.ts';
import { Refusal } from './refusal.ts';

/** A user's connections are people, not sockets. */
export function connectionRoutes({
  sql,
  orm,
  ask,
}: Pick<Database, 'sql' | 'orm'> & { ask: AskDatabase }): Router {
  const router = Router();

  router.get(
    '/v1/connections',
    handle({ ...nothing, query: ListQuery }, async ({ caller, query }) => {
      const cursor = readCursor(UserId, query.cursor);
      const found = await ask.read(() =>
        listConnections(sql, { userId: caller.id, cursor, limit: query.limit + 1 }),
      );
      const { rows, nextCursor } = pageOf(found, {
        limit: query.limit,
        placeOf: ({ profile }) => profile.id,
      });
      return ok({ items: rows, nextCursor });
    }),
  );

  router.put(
    '/v1/connections/:userId',
    handle({ ...nothing, path: UserPath }, async ({ caller, path }) => {
      const pair = { userId: caller.id, otherId: path.userId };
      if (pair.otherId === pair.userId) throw new Refusal('not_with_oneself');
      const outcome = await ask.write(() => connect(orm, pair), { repeatable: true });
      if (outcome === 'unknown_user') throw new Refusal(outcome);
      const [connection] = await ask.read(() => listConnections(sql, { ...pair, limit: 1 }));
      // Between the two statements the other side may have ended it.
      if (connection === undefined) throw new Refusal('not_found');
      return outcome === 'connected' ? created(connection) : ok(connection);
    }),
  );

  router.delete(
    '/v1/connections/:userId',
    handle({ ...nothing, path: UserPath }, async ({ caller, path }) => {
      const pair = { userId: caller.id, otherId: path.userId };
      await ask.write(() => disconnect(orm, pair), { repeatable: true });
      return noContent;
    }),
  );

  return router;
}
