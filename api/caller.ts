import type { Profile } from '@rov/realtime';
import type { Request, RequestHandler } from 'express';

import type { Admission } from './admission.ts';
import type { Authenticate } from './authenticate.ts';
import type { RememberProfile } from './remember-profile.ts';

type Caller = { profile: Profile; issuedAtMs: number | null; isAdmitted: boolean };

const callers = new WeakMap<object, Caller>();

/** Knows whose token it is. Whether they may come in is another question (admitCaller). */
export function identifyCaller({ authenticate }: { authenticate: Authenticate }): RequestHandler {
  return async (request, _response, next) => {
    const holder = await authenticate(request.get('Authorization'));
    callers.set(request, { ...holder, isAdmitted: false });
    next();
  };
}

/** Lets in who may come in, and knows them as a user from then on. Who was let in already stays so. */
export function admitCaller(deps: {
  admit: Admission['now'];
  remember: RememberProfile;
}): RequestHandler {
  return async (request, _response, next) => {
    const caller = identified(request);
    if (!caller.isAdmitted) {
      const { profile, issuedAtMs } = caller;
      await deps.admit({ id: profile.id, issuedAtMs });
      await deps.remember(profile);
      caller.isAdmitted = true;
    }
    next();
  };
}

/** Whose token it is, whether or not they were let in already. */
export function callerOf(request: Request): Profile {
  return identified(request).profile;
}

function identified(request: Request): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('A route without a caller: identifyCaller comes first');
  return caller;
}
