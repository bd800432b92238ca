import type { Profile } from '@rov/realtime';
import type { Request, RequestHandler } from 'express';

import type { Authenticate } from './authenticate.ts';
import type { RememberProfile } from './remember-profile.ts';

const callers = new WeakMap<object, Profile>();

/** Lets in whoever shows a valid token, and knows them as a user from then on. */
export function requireCaller(deps: {
  authenticate: Authenticate;
  remember: RememberProfile;
}): RequestHandler {
  return async (request, _response, next) => {
    const caller = await deps.authenticate(request.get('Authorization'));
    await deps.remember(caller);
    callers.set(request, caller);
    next();
  };
}

export function callerOf(request: Request): Profile {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('A route without a caller: requireCaller comes first');
  return caller;
}
