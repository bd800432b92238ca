import type { Request, RequestHandler } from 'express';

import type { Limited } from '../core/limits/quotas.ts';
import type { Count, RateLimits } from '../core/limits/rate-limits.ts';
import { callerOf } from './caller.ts';
import { Refusal } from './refusal.ts';

/**
 * Counts what a caller asks for, tells how much is left, and refuses what is too much, before anything is done for it.
 * Comes after identifyCaller. `RateLimit` and `RateLimit-Policy` are those of draft-ietf-httpapi-ratelimit-headers-10.
 */
export function limitRates(limits: RateLimits): RequestHandler {
  return async (request, response, next) => {
    const limited = limitedOf(request);
    const count = await limits.count(limited, callerOf(request).id);
    const { calls, seconds } = count.quota;
    response.set({
      'RateLimit-Policy': `"${limited}";q=${calls};w=${seconds}`,
      RateLimit: `"${limited}";r=${count.left};t=${secondsOf(count)}`,
    });
    if (!count.isAllowed) {
      throw new Refusal('rate_limited', { retryAfterSeconds: Math.max(1, secondsOf(count)) });
    }
    next();
  };
}

function limitedOf({ method, path }: Request): Limited {
  if (method === 'GET' || method === 'HEAD') return 'read';
  if (path.startsWith('/realtime/')) return 'token';
  if (method === 'POST' && path.endsWith('/messages')) return 'send';
  return /\/(typing|viewing)$/.test(path) ? 'ephemeral' : 'write';
}

const secondsOf = ({ resetMs }: Count): number => Math.ceil(resetMs / 1_000);
