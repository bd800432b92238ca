import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';

import { createTokenIssuer } from './index.ts';

const now = () => Date.parse('2026-01-02T03:04:05.900Z');
const tokens = createTokenIssuer({ hmacSecret: 'secret', now });

test('a connection token names the user and lives ten minutes', async () => {
  const { token, expiresAt } = await tokens.connectionToken({ userId: 'ann' });
  expect(expiresAt).toBe('2026-01-02T03:14:05.000Z');
  expect(decodeJwt(token)).toEqual({ sub: 'ann', exp: Date.parse(expiresAt) / 1000 });
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
});

test('a subscription token names user and channel, and the subscription ends with it after 30 seconds', async () => {
  const { token, expiresAt } = await tokens.subscriptionToken({
    userId: 'ann',
    channel: 'chat:ann',
  });
  expect(expiresAt).toBe('2026-01-02T03:04:35.000Z');
  const exp = Date.parse(expiresAt) / 1000;
  expect(decodeJwt(token)).toEqual({ sub: 'ann', channel: 'chat:ann', exp, expire_at: exp });
});

test('another life can be asked for', async () => {
  expect((await tokens.connectionToken({ userId: 'a', expiresInSeconds: 5 })).expiresAt).toBe(
    '2026-01-02T03:04:10.000Z',
  );
});

test('the signature holds with the secret and with no other', async () => {
  const { token } = await tokens.connectionToken({ userId: 'ann' });
  const verify = (secret: string) =>
    jwtVerify(token, new TextEncoder().encode(secret), { currentDate: new Date(now()) });
  await expect(verify('secret')).resolves.toBeDefined();
  await expect(verify('other')).rejects.toThrow('signature');
});

test('an empty secret is refused', () => {
  expect(() => createTokenIssuer({ hmacSecret: '' })).toThrow(TypeError);
});
