import express from 'express';
import type { ErrorRequestHandler, Express, NextFunction, Request, Response } from 'express';

import type { Logger } from '../core/log.ts';
import type { DeliveryHealth } from '../core/outbox/health.ts';
import type { DrainQueue } from '../core/queue/drain-queue.ts';
import { BOARD_PATH, createBoard } from './bull-board.ts';
import { deliveryPage } from './delivery-page.ts';
import type { LoginLimit } from './login-limit.ts';
import { loginRoutes } from './login.ts';
import type { Operator, Operators } from './operators.ts';
import { notice } from './pages.ts';
import { refuseForeignWrites } from './refuse-foreign-writes.ts';
import { securityHeaders } from './security-headers.ts';
import type { Sessions } from './session.ts';

export type DashboardContext = {
  readonly operators: Operators;
  readonly sessions: Sessions;
  readonly limit: LoginLimit;
  /** Whose word on the address of a browser is believed: TRUSTED_PROXIES. */
  readonly trustedProxies: readonly string[];
  readonly queue: DrainQueue;
  readonly readHealth: () => Promise<DeliveryHealth>;
  /** What `/readyz` says; whoever stops the process makes it say no first. */
  readonly isReady: () => Promise<boolean>;
  readonly log: Logger;
};

/** Everything behind DASHBOARD_PORT: the probes and the login are open, the rest needs an operator. */
export function createDashboard(context: DashboardContext): Express {
  const app = express().disable('x-powered-by');
  app.set('trust proxy', [...context.trustedProxies]);
  app.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = await context.isReady();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  app.use(securityHeaders('page'), refuseForeignWrites);
  app.use('/assets', express.static(`${import.meta.dirname}/assets`));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(loginRoutes(context));
  app.use(requireOperator(context), refuseViewersWrites(context.log));
  app.get('/', showDelivery(context));
  app.use(BOARD_PATH, securityHeaders('board'), boards(context));
  app.use((_request, response) => {
    response.status(404).send(notice({ title: 'Not found', text: 'There is no such page.' }));
  });
  app.use(answerFaults(context.log));
  return app;
}

function requireOperator({ sessions }: DashboardContext) {
  return async (request: Request, response: Response, next: NextFunction) => {
    const operator = await sessions.operatorOf(request);
    if (operator !== undefined) {
      response.locals['operator'] = operator;
      next();
    } else if (request.method === 'GET' && request.accepts('json', 'html') === 'html') {
      response.redirect(303, '/login');
    } else {
      response.status(401).json({ error: 'Log in first.' });
    }
  };
}

/** Bull Board's read-only mode says no as well; this one does not depend on its list of routes. */
function refuseViewersWrites(log: Logger) {
  return (request: Request, response: Response, next: NextFunction) => {
    const operator = operatorIn(response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      next();
    } else if (operator.role === 'operator') {
      const { method, path } = request;
      log.info(
        { event: 'operator.wrote', operator: operator.name, method, path },
        'an operator acts',
      );
      next();
    } else {
      response.status(403).json({ error: 'A viewer may look, not change.' });
    }
  };
}

function showDelivery({ readHealth, log }: DashboardContext) {
  return async (_request: Request, response: Response) => {
    const health = await readHealth().catch((error: unknown) => {
      log.error({ event: 'health.unreadable', err: error }, 'delivery health cannot be read');
      return undefined;
    });
    response.status(health === undefined ? 503 : 200);
    response.send(deliveryPage({ operator: operatorIn(response), health }));
  };
}

function boards({ queue, log }: DashboardContext) {
  const onFault = (err: Error) => log.error({ event: 'board.failed', err }, 'the board failed');
  const byRole = {
    viewer: createBoard({ queue, role: 'viewer', onFault }),
    operator: createBoard({ queue, role: 'operator', onFault }),
  };
  return (request: Request, response: Response, next: NextFunction) =>
    byRole[operatorIn(response).role](request, response, next);
}

/** Express types `locals` as any; requireOperator alone writes this one. */
function operatorIn(response: Response): Operator {
  const { operator }: { operator?: Operator } = response.locals;
  if (operator === undefined) throw new Error('requireOperator has to come first');
  return operator;
}

/** A fault is told in full to the log and without detail to the browser. */
function answerFaults(log: Logger): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    const status = statusOf(error);
    if (status >= 500)
      log.error({ event: 'request.failed', path: request.path, err: error }, 'request failed');
    if (response.headersSent) next(error);
    else
      response.status(status).json({ error: status >= 500 ? 'Something failed.' : 'Bad request.' });
  };
}

/** body-parser and the router throw errors that say which answer the request deserves. */
function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
