import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { stackForFile } from '../../harness/in-file.ts';
import { mintToken } from '../../harness/people.ts';
import { ask, problemOf } from './ask.ts';

const stack = await stackForFile({ workers: 0 });
const { identity } = stack;

const key = new TextEncoder().encode(identity.secret);
const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
const sound = { sub: 'ann', iss: identity.issuer, aud: identity.audience, exp: inAnHour };

const sign = (claims: object, secret: Uint8Array = key, alg = 'HS256') =>
  new SignJWT({ ...sound, ...claims }).setProtectedHeader({ alg }).sign(secret);

async function verdict(authorization: string | undefined, url = stack.api.url): Promise<string> {
  const heard = await ask(`${url}/v1/unread`, {
    ...(authorization !== undefined && { headers: { authorization } }),
  });
  if (heard.status === 200) return '200';
  const problem = problemOf(heard);
  expect(heard.headers.get('www-authenticate')).toMatch(/^Bearer/);
  return `${problem.status} ${problem.code}`;
}

const users = async () => {
  const [row] = await stack.database.sql`SELECT count(*)::int AS count FROM users`;
  return row!['count'] as number;
};

describe('a token by a shared secret', () => {
  test('is let in', async () => {
    expect(await verdict(`Bearer ${await sign({})}`)).toBe('200');
    expect(await verdict(`bearer ${await sign({})}`)).toBe('200');
    expect(await verdict(`Bearer ${await sign({ aud: ['other', identity.audience] })}`)).toBe(
      '200',
    );
  });

  test.each([
    ['is absent', undefined, '401 token_missing'],
    ['is of another scheme', 'Basic YW5uOmFubg==', '401 token_invalid'],
    ['is empty', 'Bearer ', '401 token_invalid'],
    ['is nonsense', 'Bearer nonsense', '401 token_invalid'],
    ['has control characters', 'Bearer a\tb', '401 token_invalid'],
  ])('that %s is not', async (_what, authorization, expected) => {
    expect(await verdict(authorization)).toBe(expected);
  });

  test.each([
    ['has expired', { exp: inAnHour - 7_200 }, '401 token_expired'],
    ['never expires', { exp: undefined }, '401 token_invalid'],
    ['is for another audience', { aud: 'somebody-else' }, '401 token_invalid'],
    ['is from another issuer', { iss: 'https://evil.test' }, '401 token_invalid'],
    ['is not good yet', { nbf: inAnHour }, '401 token_invalid'],
    ['is about nobody', { sub: undefined }, '401 token_invalid'],
  ])('that %s is not', async (_what, claims, expected) => {
    expect(await verdict(`Bearer ${await sign(claims)}`)).toBe(expected);
  });

  test('that is forged, unsigned or signed otherwise is not', async () => {
    const forged = await sign({}, new TextEncoder().encode('x'.repeat(64)));
    expect(await verdict(`Bearer ${forged}`)).toBe('401 token_invalid');
    expect(await verdict(`Bearer ${new UnsecuredJWT(sound).encode()}`)).toBe('401 token_invalid');
    expect(await verdict(`Bearer ${await sign({}, key, 'HS512')}`)).toBe('401 token_invalid');
    const [head, body] = (await sign({})).split('.');
    const other = (await sign({ sub: 'ben' })).split('.')[2];
    expect(await verdict(`Bearer ${head}.${body}.${other}`)).toBe('401 token_invalid');
  });

  test.each([
    "o'hara",
    'a"b',
    'a:b',
    'a#b',
    '*',
    'a*',
    '',
    ' ann',
    'a,b',
    '../x',
    'a\0',
    'é',
    '-a',
    'x'.repeat(129),
    'x'.repeat(300),
    'me',
  ])('about %j is not, since that cannot be in the name of a channel', async (sub) => {
    const before = await users();
    expect(await verdict(`Bearer ${await sign({ sub })}`)).toBe('401 unsupported_subject');
    expect(await users()).toBe(before);
  });

  test.each(['auth0|64f1', 'ann@example.com', 'x'.repeat(128), '7'])('about %j is', async (sub) => {
    expect(await verdict(`Bearer ${await sign({ sub })}`)).toBe('200');
  });

  test('brings a profile along, of which only what can be shown is kept', async () => {
    const claims = {
      sub: 'odd',
      name: ` Ann\0 \n${'x'.repeat(400)}`,
      username: '\ud800',
      picture: 'javascript:alert(1)',
    };
    expect(await verdict(`Bearer ${await sign(claims)}`)).toBe('200');
    const [row] = await stack.database.sql`SELECT * FROM users WHERE id = 'odd'`;
    expect(row).toMatchObject({ name: `Ann ${'x'.repeat(196)}`, username: null, image: null });
    expect(
      await verdict(`Bearer ${await sign({ ...claims, name: 7, username: {}, picture: [] })}`),
    ).toBe('200');
    const [bare] = await stack.database.sql`SELECT * FROM users WHERE id = 'odd'`;
    expect(bare).toMatchObject({ name: 'odd', username: null, image: null });
  });

  test('that stays the same costs no statement after the first request', async () => {
    const writes = async () => {
      const [row] = await stack.database.sql`
        SELECT xmin::text FROM users WHERE id = 'steady'`;
      return row!['xmin'] as string;
    };
    const token = await mintToken(identity, { sub: 'steady', name: 'S' });
    await verdict(`Bearer ${token}`);
    const first = await writes();
    // Behind the API's back: a statement would set it right again.
    await stack.database.sql`UPDATE users SET name = 'changed' WHERE id = 'steady'`;
    await verdict(`Bearer ${token}`);
    const [row] = await stack.database.sql`SELECT name FROM users WHERE id = 'steady'`;
    expect(row!['name']).toBe('changed');
    expect(first).not.toBe(await writes());
  });
});

describe('tokens by published keys', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const stranger = await generateKeyPair('RS256');
  let answers: 'keys' | 'fault' = 'keys';
  const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const issuer = createServer((_request, response) => {
    if (answers === 'fault') response.writeHead(500).end();
    else
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const { port } = issuer.address() as AddressInfo;
  const withKeys = await stackForFile({
    workers: 0,
    apiEnv: { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks` },
  });
  const { url } = withKeys.api;
  const claims = {
    ...sound,
    iss: withKeys.identity.issuer,
    aud: withKeys.identity.audience,
  };
  const bySecret = (secret: Uint8Array) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
  const byKey = (privateKey: typeof rsa.privateKey, kid = 'k1') =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);

  beforeAll(() => {
    answers = 'fault';
  });
  afterAll(() => {
    issuer.close();
  });

  test('wait with 503 while the keys cannot be read, and are let in afterwards', async () => {
    const token = await byKey(rsa.privateKey);
    const heard = await ask(`${url}/v1/unread`, { token });
    expect(problemOf(heard)).toMatchObject({ status: 503, code: 'identity_unavailable' });
    expect(Number(heard.headers.get('retry-after'))).toBeGreaterThan(0);
    answers = 'keys';
    expect(await verdict(`Bearer ${token}`, url)).toBe('200');
  });

  test('are refused when another key signed them', async () => {
    answers = 'keys';
    expect(await verdict(`Bearer ${await byKey(stranger.privateKey)}`, url)).toBe(
      '401 token_invalid',
    );
    expect(await verdict(`Bearer ${await byKey(rsa.privateKey, 'k2')}`, url)).toBe(
      '401 token_invalid',
    );
  });

  test('are refused when the public key was used as a secret, and without a signature', async () => {
    const pem = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
    expect(await verdict(`Bearer ${await bySecret(pem)}`, url)).toBe('401 token_invalid');
    const modulus = new TextEncoder().encode(jwk.n);
    expect(await verdict(`Bearer ${await bySecret(modulus)}`, url)).toBe('401 token_invalid');
    expect(await verdict(`Bearer ${new UnsecuredJWT(claims).encode()}`, url)).toBe(
      '401 token_invalid',
    );
  });
});
