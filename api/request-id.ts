import { randomUUID } from 'node:crypto';

import type { Request, RequestHandler } from 'express';

/** What a proxy or a client may call a request; anything else could garble a log or a header. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const ids = new WeakMap<object, string>();

/** Takes over `X-Request-Id`, or makes one, and says it in the answer. */
export const nameRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  const id = given !== undefined && SANE.test(given) ? given : randomUUID();
  ids.set(request, id);
  response.set('X-Request-Id', id);
  next();
};

export function requestIdOf(request: Request): string {
  const id = ids.get(request);
  if (id === undefined) throw new Error('A request without a name: nameRequest comes first');
  return id;
}
