import express, { Router } from 'express';
import type { Request, Response } from 'express';
import * as z from 'zod';

import type { Logger } from '../core/log.ts';
import { hashPassword, passwordMatches } from './hash-password.ts';
import type { LoginLimit } from './login-limit.ts';
import type { Operators } from './operators.ts';
import { loginPage } from './pages.ts';
import { cookieOptions, SESSION_SECONDS } from './session.ts';
import type { Sessions } from './session.ts';

const credentialsSchema = z.object({
  name: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(1024),
});

/** `GET /login`, `POST /login`, `POST /logout`. */
export function loginRoutes(context: {
  operators: Operators;
  sessions: Sessions;
  limit: LoginLimit;
  log: Logger;
}): Router {
  const { operators, sessions, limit, log } = context;
  const decoy = hashPassword('nobody');

  const logIn = async (request: Request, response: Response) => {
    const credentials = credentialsSchema.safeParse(request.body);
    if (!credentials.success) {
      response.status(400).send(loginPage({ problem: 'Give a name and a password.' }));
      return;
    }
    const { name, password } = credentials.data;
    // Of the browser, where a proxy that is trusted tells it; of whoever connected otherwise.
    const attempt = { address: request.ip ?? '', name };
    const waitSeconds = limit.take(attempt);
    if (waitSeconds !== undefined) {
      log.warn({ event: 'login.limited', address: attempt.address }, 'too many attempts');
      response.status(429).set('Retry-After', String(waitSeconds));
      response.send(loginPage({ problem: 'Too many attempts. Wait a few minutes.', name }));
      return;
    }
    // An unknown name costs the same time as a known one. What was typed as a name is logged only if it is
    // one: it might be a password in the wrong field.
    const operator = operators.get(name);
    const matches = await passwordMatches(password, operator?.hash ?? (await decoy));
    if (operator === undefined || !matches) {
      const { address } = attempt;
      log.warn({ event: 'login.failed', operator: operator?.name, address }, 'log-in refused');
      response.status(401).send(loginPage({ problem: 'Name or password is wrong.', name }));
      return;
    }
    limit.giveBack(attempt);
    log.info({ event: 'login.succeeded', operator: name, role: operator.role }, 'logged in');
    response.cookie(sessions.cookie, await sessions.issue(operator), {
      ...cookieOptions(request),
      maxAge: SESSION_SECONDS * 1000,
    });
    response.redirect(303, '/');
  };

  const router = Router();
  router.get('/login', (_request, response) => {
    response.send(loginPage());
  });
  router.post('/login', express.urlencoded({ extended: false, limit: '8kb' }), logIn);
  router.post('/logout', (request, response) => {
    response.clearCookie(sessions.cookie, cookieOptions(request));
    response.redirect(303, '/login');
  });
  return router;
}
