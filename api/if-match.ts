import type { Request } from 'express';

import { Refusal } from './refusal.ts';

/** A strong validator of ours: a revision in quotes. Neither a list nor `*` says what was seen. */
const REVISION = /^"([1-9]\d{0,8})"$/;

/** The revision that the caller saw, from `If-Match`; undefined where they name none. */
export function revisionSeen(request: Request): number | undefined {
  const header = request.get('If-Match');
  if (header === undefined) return undefined;
  const revision = REVISION.exec(header)?.[1];
  if (revision === undefined) {
    throw new Refusal('invalid_request', {
      errors: [{ path: 'If-Match', message: 'Must be one revision in quotes, as in "1"' }],
    });
  }
  return Number(revision);
}

/** The same where one has to be named. */
export function revisionToChange(request: Request): number {
  const revision = revisionSeen(request);
  if (revision === undefined) throw new Refusal('precondition_required');
  return revision;
}
