import { USER_ID_PATTERN } from '@rov/realtime';
import type { Profile } from '@rov/realtime';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';

import { plainLine } from '../core/chat/plain-text.ts';
import { Refusal } from './refusal.ts';

/** What a token says: who, and when it was issued; null where it does not tell. */
export type Claims = { profile: Profile; issuedAtMs: number | null };

/** Who a request comes from, by its `Authorization` header. Throws a Refusal with 401 otherwise. */
export type Authenticate = (authorization: string | undefined) => Promise<Claims>;

export type AuthConfig = {
  /** A shared secret for HS256, or where the issuer publishes its public keys. Never both. */
  key: { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string };
  issuer: string;
  audience: string;
};

/**
 * With keys that are public, a token signed by HMAC with such a key as its secret would pass if its own
 * header could choose the algorithm: each kind of key has its own list.
 */
const ALGORITHMS = {
  secret: ['HS256'],
  jwks: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
};

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** `…/members/me` means the caller, so nobody may be called so. */
const RESERVED = 'me';

export function createAuthenticate(config: AuthConfig): Authenticate {
  const getKey = keysOf(config.key);
  const options = {
    algorithms: ALGORITHMS[config.key.kind],
    issuer: config.issuer,
    audience: config.audience,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: 5,
  };

  return async (authorization) => {
    if (authorization === undefined) throw new Refusal('token_missing');
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new Refusal('token_invalid', { detail: 'Not a bearer token' });
    const { payload } = await jwtVerify(token, getKey, options).catch(refuse);
    const { iat } = payload;
    return { profile: profileOf(payload), issuedAtMs: iat === undefined ? null : iat * 1000 };
  };
}

function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new Refusal('token_expired');
  // Which claim or which part of the signature is nobody's business but the log's of the issuer.
  if (error instanceof errors.JOSEError) throw new Refusal('token_invalid');
  throw error;
}

function keysOf(key: AuthConfig['key']): JWTVerifyGetKey {
  if (key.kind === 'secret') {
    const secret = new TextEncoder().encode(key.secret);
    return () => Promise.resolve(secret);
  }
  const remote = createRemoteJWKSet(new URL(key.url), { timeoutDuration: 3_000 });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (isTheTokensFault(error)) throw error;
      throw new Refusal('identity_unavailable', { cause: error });
    }
  };
}

function isTheTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function profileOf(claims: JWTPayload): Profile {
  const id = claims.sub;
  if (id === undefined || !USER_ID_PATTERN.test(id) || id === RESERVED) {
    throw new Refusal('unsupported_subject');
  }
  const username = line(claims['username'], 100);
  return {
    id,
    name: line(claims['name'], 200) ?? username ?? id,
    username,
    image: link(claims['picture']),
  };
}

function line(claim: unknown, maxLength: number): string | null {
  if (typeof claim !== 'string') return null;
  const text = plainLine(claim) ?? '';
  return (text.length > maxLength ? cut(text, maxLength) : text) || null;
}

/** Never through the middle of a character. */
function cut(text: string, maxLength: number): string {
  return Array.from(text).slice(0, maxLength).join('').trim();
}

/** Others load it in their browser: only what a page of theirs may load, never a script in disguise. */
function link(claim: unknown): string | null {
  const text = line(claim, 2_048);
  if (text === null) return null;
  if (/^\/(?![/\\])/.test(text)) return text;
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}
