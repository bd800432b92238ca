import type { Profile } from '@rov/realtime';
import type { Request, RequestHandler } from 'express';

import type { Admission } from './admission.ts';
import type { Authenticate } from './authenticate.ts';
import type { RememberProfile } from './remember-profile.ts';

const callers = new WeakMap<object, Profile>();

/**
 * Lets in whoever shows a valid token and may come in, and knows them as a user from then on. Who was let in already stays
 * so.
 */
export function requireCaller(deps: {
  authenticate: Authenticate;
  admit: Admission['now'];
  remember: RememberProfile;
}): RequestHandler {
  return async (request, _response, next) => {
    if (!callers.has(request)) {
      const { profile, issuedAtMs } = await deps.authenticate(request.get('Authorization'));
      await deps.admit({ id: profile.id, issuedAtMs });
      await deps.remember(profile);
      callers.set(request, profile);
    }
    next();
  };
}

export function callerOf(request: Request): Profile {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('A route without a caller: requireCaller comes first');
  return caller;
}
