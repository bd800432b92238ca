import { createHmac } from 'node:crypto';

import type { CookieOptions, Request } from 'express';
import { errors, jwtVerify, SignJWT } from 'jose';

import type { Operator, Operators } from './operators.ts';

const COOKIE = 'rov_operator';
const ISSUER = 'rov-dashboard';
export const SESSION_SECONDS = 8 * 60 * 60;

export type Sessions = {
  readonly cookie: typeof COOKIE;
  /** A signed token for the cookie, good for eight hours. */
  issue(operator: Operator): Promise<string>;
  /** Whoever is logged in, or undefined without a valid session. */
  operatorOf(request: Request): Promise<Operator | undefined>;
};

/**
 * Sessions are kept by the browser alone, so any number of dashboards can run. Each operator's tokens are
 * signed with a key of their own, made of the secret and the whole OPERATORS entry: another password or
 * role ends the sessions that were opened with the old one. What a log-out cannot do is end a copied cookie.
 */
export function createSessions(options: {
  operators: Operators;
  secret: string;
  now?: () => Date;
}): Sessions {
  const { operators, secret, now = () => new Date() } = options;
  const keys = new Map(
    [...operators.values()].map((operator) => [operator.name, keyOf(operator, secret)]),
  );

  return {
    cookie: COOKIE,
    issue: (operator) => {
      const seconds = Math.floor(now().getTime() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: 'HS256', kid: operator.name })
        .setIssuer(ISSUER)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + SESSION_SECONDS)
        .sign(keyOf(operator, secret));
    },
    operatorOf: async (request) => {
      const token = readCookie(request.headers.cookie);
      if (token === undefined) return undefined;
      try {
        const { protectedHeader } = await jwtVerify(
          token,
          ({ kid = '' }) => {
            const key = keys.get(kid);
            if (key === undefined) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: ['HS256'],
            issuer: ISSUER,
            requiredClaims: ['exp', 'iat'],
            maxTokenAge: SESSION_SECONDS,
            currentDate: now(),
          },
        );
        return operators.get(protectedHeader.kid ?? '');
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

/** How the session's cookie is set, and cleared. Secure wherever the browser's side of a proxy is https. */
export function cookieOptions(request: Request): CookieOptions {
  const forwarded = request.headers['x-forwarded-proto'];
  const secure = request.secure || forwarded === 'https';
  return { httpOnly: true, sameSite: 'strict', secure, path: '/' };
}

function keyOf(operator: Operator, secret: string): Uint8Array {
  const entry = `${operator.name}:${operator.role}:${operator.hash}`;
  return createHmac('sha256', secret).update(entry).digest();
}

function readCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}
