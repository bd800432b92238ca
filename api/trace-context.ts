import { createHash, randomBytes } from 'node:crypto';

import type { Request } from 'express';

import { requestIdOf } from './request-id.ts';

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The trace that a written event belongs to: the caller's, or one whose id follows from the request's, so
 * that the request id finds the event's trace again.
 */
export function traceparentOf(request: Request): string {
  const given = request.get('traceparent');
  if (given !== undefined && TRACEPARENT.test(given)) return given;
  const traceId = createHash('sha256').update(requestIdOf(request)).digest('hex').slice(0, 32);
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}
