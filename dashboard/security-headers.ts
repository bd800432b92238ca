import type { RequestHandler } from 'express';

const PAGE = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

// Bull Board sets styles from its script and its page; nothing of it may run or load from elsewhere.
const BOARD = {
  ...PAGE,
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'self'",
};

/** Lets the browser load nothing but what this server itself gives. `board`: what Bull Board needs. */
export function securityHeaders(kind: 'page' | 'board'): RequestHandler {
  const policy = Object.entries(kind === 'board' ? BOARD : PAGE)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
  return (_request, response, next) => {
    response.set({
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    next();
  };
}
