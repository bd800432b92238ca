import { isIP } from 'node:net';

import * as z from 'zod';

/** 127.0.0.0/8 and ::1; 169.254.0.0/16 and fe80::/10; the private networks of IPv4 and fc00::/7. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * TRUSTED_PROXIES: whose `X-Forwarded-For` is believed, as addresses, networks or names of such, separated by
 * spaces. Nobody's unless set: whoever can reach the dashboard directly could claim any address otherwise.
 */
export const trustedProxiesSchema = z
  .string()
  .default('')
  .transform((list) => list.split(/\s+/).filter((proxy) => proxy !== ''))
  .pipe(
    z.array(
      z
        .string()
        .refine(
          isProxy,
          'must be addresses, networks like 10.0.0.0/8, or loopback, linklocal, uniquelocal',
        ),
    ),
  );

function isProxy(text: string): boolean {
  if (NAMED.has(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || rest.length > 0) return false;
  // Express refuses a network of IPv4 addresses written as IPv6 ones, and only when it starts.
  if (prefix !== undefined && /^::ffff:/i.test(address)) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits);
}
