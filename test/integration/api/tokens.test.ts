import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';

import { everythingStored } from '../../harness/everything-stored.ts';
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

/** `200`, or why not; who is not let in must leave nothing behind. */
async function verdict(authorization: string | undefined): Promise<string> {
  const before = await everythingStored(stack.database.sql);
  const heard = await ask(`${stack.api.url}/v1/unread`, {
    ...(authorization !== undefined && { headers: { authorization } }),
  });
  if (heard.status === 200) return '200';
  const problem = problemOf(heard);
  expect(heard.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(await everythingStored(stack.database.sql)).toEqual(before);
  return `${problem.status} ${problem.code}`;
}

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

  test('that brings the key along which it was signed with is not', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const more of [{ jwk }, { jku: 'http://127.0.0.1:1/keys' }, { kid: '../../dev/null' }]) {
      const token = new SignJWT(sound).setProtectedHeader({ alg: 'RS256', ...more });
      expect(await verdict(`Bearer ${await token.sign(privateKey)}`)).toBe('401 token_invalid');
    }
    const empty = await sign({}, new Uint8Array(32));
    expect(await verdict(`Bearer ${empty}`)).toBe('401 token_invalid');
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
    expect(await verdict(`Bearer ${await sign({ sub })}`)).toBe('401 unsupported_subject');
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
