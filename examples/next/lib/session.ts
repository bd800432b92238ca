import { jwtVerify, SignJWT } from 'jose';
import { cookies } from 'next/headers';

import { required } from './environment.ts';
import { PEOPLE } from './people.ts';
import type { Person } from './people.ts';

const COOKIE = 'session';
const HOURS = 8;

const key = () => new TextEncoder().encode(required('SESSION_SECRET'));

/** Who is signed in to this app, by its own signed cookie. */
export async function currentUser(): Promise<Person | null> {
  const cookie = (await cookies()).get(COOKIE);
  if (cookie === undefined) return null;
  const session = await jwtVerify(cookie.value, key(), { algorithms: ['HS256'] }).catch(() => null);
  return PEOPLE.find(({ id }) => id === session?.payload.sub) ?? null;
}

export async function beginSession(user: Person): Promise<void> {
  const session = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setExpirationTime(`${HOURS}h`)
    .sign(key());
  (await cookies()).set(COOKIE, session, {
    httpOnly: true,
    maxAge: HOURS * 3600,
    sameSite: 'lax',
    secure: process.env.NODE_ENV === 'production',
  });
}

export async function endSession(): Promise<void> {
  (await cookies()).delete(COOKIE);
}
