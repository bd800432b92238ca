import { SignJWT } from 'jose';

export type Claims = Record<string, unknown>;

/** A token with exactly these claims; who wants an expiry gives one. */
export function sign(
  secret: string,
  claims: Claims,
  { algorithm = 'HS256' }: { algorithm?: string } = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}

/** Seconds since 1970, so many from now; the past is negative. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}
