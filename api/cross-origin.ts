import type { RequestHandler } from 'express';

const HOUR_IN_SECONDS = 3_600;

/** Pages of the listed origins may call the API; all others only see that an answer came. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('Origin');
    const isPreflight =
      request.method === 'OPTIONS' && request.get('Access-Control-Request-Method') !== undefined;
    if (origin !== undefined && allowed.has(origin)) {
      response.set('Access-Control-Allow-Origin', origin);
      response.set(
        'Access-Control-Expose-Headers',
        'X-Request-Id, ETag, Idempotent-Replayed, Retry-After, RateLimit, RateLimit-Policy',
      );
      if (isPreflight) {
        response.set({
          'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
          'Access-Control-Allow-Headers':
            'Authorization, Content-Type, If-Match, X-Request-Id, traceparent',
          'Access-Control-Max-Age': String(HOUR_IN_SECONDS),
        });
      }
    }
    if (isPreflight) response.status(204).end();
    else next();
  };
}
