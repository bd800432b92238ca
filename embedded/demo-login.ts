import type { Profile } from '@rov/realtime';
import express from 'express';
import type { Router } from 'express';
import { SignJWT } from 'jose';
import * as z from 'zod';

const TOKEN_LIFETIME = '12h';
const Login = z.object({ userId: z.string() });

/**
 * Lets anybody be one of the demo people: `GET /demo/users` lists them as `{ items }`, `POST /demo/login` with
 * `{ userId }` answers `{ token, user }`, or 404 for anyone else. Only `npm start` has this; a real installation
 * gets its tokens from its own identity provider.
 */
export function demoLogin(options: {
  people: readonly Profile[];
  signUserToken: (profile: Profile) => Promise<string>;
}): Router {
  const router = express.Router();
  router.get('/demo/users', (_request, response) => {
    response.json({ items: options.people });
  });
  router.post('/demo/login', express.json({ limit: '1kb' }), async (request, response) => {
    const login = Login.safeParse(request.body);
    const user = login.success && options.people.find(({ id }) => id === login.data.userId);
    if (user) response.json({ token: await options.signUserToken(user), user });
    else
      response.status(404).type('application/problem+json').json({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        code: 'unknown_demo_user',
        detail: 'The demo login knows only the people that GET /demo/users lists.',
      });
  });
  return router;
}

/** Signs what the api accepts as a user's own token: HS256, good for 12 hours. */
export function userTokenSigner(options: {
  secret: string;
  issuer: string;
  audience: string;
}): (profile: Profile) => Promise<string> {
  const key = new TextEncoder().encode(options.secret);
  return ({ id, name, username, image }) =>
    new SignJWT({
      name,
      ...(username && { username }),
      ...(image && { picture: image }),
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setIssuedAt()
      .setIssuer(options.issuer)
      .setAudience(options.audience)
      .setExpirationTime(TOKEN_LIFETIME)
      .sign(key);
}
