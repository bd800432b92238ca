import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';

import { everythingStored } from '../../harness/everything-stored.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { ask, problemOf } from './ask.ts';

const rsa = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256');
let answers: 'keys' | 'fault' = 'fault';
const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
const issuer = createServer((_request, response) => {
  if (answers === 'fault') response.writeHead(500).end();
  else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
});
await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
const { port } = issuer.address() as AddressInfo;
afterAll(() => issuer.close());
const stack = await stackForFile({
  workers: 0,
  apiEnv: { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks` },
});
const claims = {
  sub: 'ann',
  iss: stack.identity.issuer,
  aud: stack.identity.audience,
  exp: Math.floor(Date.now() / 1_000) + 3_600,
};
const bySecret = (secret: string, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: 'k1' }).sign(new TextEncoder().encode(secret));
const byKey = (privateKey: typeof rsa.privateKey, kid = 'k1') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
const unread = (token: string) => ask(`${stack.api.url}/v1/unread`, { token });
/** Why not; who is not let in must leave nothing behind. */
async function refusal(token: string): Promise<string> {
  const before = await everythingStored(stack.database.sql);
  const { code } = problemOf(await unread(token));
  expect(await everythingStored(stack.database.sql)).toEqual(before);
  return code;
}

test('tokens wait with 503 while the keys cannot be read, and are let in afterwards', async () => {
  const token = await byKey(rsa.privateKey);
  const heard = await unread(token);
  expect(problemOf(heard)).toMatchObject({ status: 503, code: 'identity_unavailable' });
  expect(heard.headers.get('retry-after')).toBe('5');
  answers = 'keys';
  expect((await unread(token)).status).toBe(200);
});

test('tokens are refused when another key signed them', async () => {
  answers = 'keys';
  expect(await refusal(await byKey(stranger.privateKey))).toBe('token_invalid');
  expect(await refusal(await byKey(rsa.privateKey, 'k2'))).toBe('token_invalid');
});

test('tokens are refused when the public key was used as a secret, and without a signature', async () => {
  answers = 'keys';
  const pem = await exportSPKI(rsa.publicKey);
  for (const secret of [
    pem,
    pem.trim(),
    jwk.n!,
    JSON.stringify(jwk),
    JSON.stringify({ keys: [jwk] }),
  ]) {
    for (const alg of ['HS256', 'HS384', 'HS512'])
      expect(await refusal(await bySecret(secret, alg))).toBe('token_invalid');
  }
  expect(await refusal(new UnsecuredJWT(claims).encode())).toBe('token_invalid');
});
