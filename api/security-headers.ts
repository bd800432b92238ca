import type { RequestHandler } from 'express';

/** What a browser may do with our pages. `websocketUrl` is where the web client listens. */
export function secureHeaders({ websocketUrl }: { websocketUrl: string }): RequestHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Profile images live wherever the identity provider keeps them.
    "img-src 'self' data: https:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ${new URL(websocketUrl).origin}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = {
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}
