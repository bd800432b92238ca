import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import express from 'express';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { demoLogin, userTokenSigner } from './demo-login.ts';
import { DEMO_PEOPLE } from './demo-people.ts';

const secret = 'a secret that only this test knows, long enough';
const signUserToken = userTokenSigner({ secret, issuer: 'rov-demo', audience: 'rov' });
const app = express().use(demoLogin({ people: DEMO_PEOPLE, signUserToken }));
let url: string;
const server = app.listen(0, '127.0.0.1');
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const logIn = (body: unknown): Promise<Response> =>
  fetch(`${url}/demo/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('a demo person gets a token that the api accepts for twelve hours', async () => {
  const answer = await logIn({ userId: 'ann' });
  expect(answer.status).toBe(200);
  const { token, user } = (await answer.json()) as { token: string; user: unknown };
  expect(user).toEqual(DEMO_PEOPLE[0]);
  const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
    issuer: 'rov-demo',
    audience: 'rov',
    algorithms: ['HS256'],
  });
  expect(payload).toMatchObject({ sub: 'ann', name: 'Ann', username: 'ann' });
  expect(payload.exp! - payload.iat!).toBe(12 * 60 * 60);
});

test.each([{ userId: 'mallory' }, {}, { userId: 7 }])('nobody else gets one: %j', async (body) => {
  expect((await logIn(body)).status).toBe(404);
});

test('the list has everybody', async () => {
  const answer = await fetch(`${url}/demo/users`);
  expect(await answer.json()).toEqual({ items: DEMO_PEOPLE });
});
