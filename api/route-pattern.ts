import type { Request } from 'express';

/**
 * The pattern that a request matched, as it stands in the code (`/v1/conversations/:conversationId`): few
 * enough for a metric, and without anybody's id. Requests that no route took are all `none`.
 */
export function routePattern(request: Request): string {
  // Express types the route as any.
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return typeof route.path === 'string' ? route.path : 'none';
}
