import { SignJWT } from 'jose';
import { expect, test } from 'vitest';

import { tokenClaims } from './token-claims.ts';

test('user and expiry are read, also with letters outside ASCII', async () => {
  const token = await new SignJWT({ sub: 'añ|ü?>~', exp: 1_700_000_000 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new Uint8Array(32));
  expect(tokenClaims(token)).toEqual({ userId: 'añ|ü?>~', expiresAtMs: 1_700_000_000_000 });
});

test.each(['', 'x', 'a.b.c', 'a.bnVsbA.c', 'a.e30.c'])(
  'what is no token says nothing (%o)',
  (text) => {
    expect(tokenClaims(text)).toEqual({});
  },
);
