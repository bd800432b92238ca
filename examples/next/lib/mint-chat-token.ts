import { SignJWT } from 'jose';

import { required } from './environment.ts';
import type { Person } from './people.ts';

const MINUTES = 10;

/** What the API of rov takes for `user`, signed as AUTH_JWT_SECRET, AUTH_ISSUER and AUTH_AUDIENCE tell it. */
export async function mintChatToken({ id, name }: Person) {
  const expiresAt = Date.now() + MINUTES * 60_000;
  const token = await new SignJWT({ name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setIssuer(required('AUTH_ISSUER'))
    .setAudience(required('AUTH_AUDIENCE'))
    .setIssuedAt()
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(new TextEncoder().encode(required('AUTH_JWT_SECRET')));
  return { token, expiresAt };
}
