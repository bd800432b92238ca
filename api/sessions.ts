import { Router } from 'express';

import { signOut } from '../core/people/sign-out.ts';
import type { Admission } from './admission.ts';
import { handle, noContent, nothing } from './handle.ts';
import type { RouteDependencies } from './route-dependencies.ts';

/** Where somebody is signed in. */
export function sessionRoutes({
  sql,
  ask,
  bell,
  admission,
}: RouteDependencies & { admission: Pick<Admission, 'forget'> }): Router {
  const router = Router();

  router.delete(
    '/v1/sessions',
    handle(nothing, async ({ caller }) => {
      const ended = await ask.write(() => signOut(sql, caller.id), { repeatable: true });
      admission.forget(caller.id);
      if (ended.outcome === 'signed_out') bell.ring(ended.shard);
      return noContent;
    }),
  );

  return router;
}
