import { Router } from 'express';

import { within } from '../core/lifecycle.ts';

const PING_DEADLINE_MS = 1_000;

type Health = {
  /** Resolves when Postgres answers. */
  ping: () => Promise<void>;
  /** Whether the process is about to stop. */
  isDraining: () => boolean;
};

/** `/livez`: the process runs. `/readyz`: it can serve, which needs Postgres and nothing else. */
export function healthRoutes({ ping, isDraining }: Health): Router {
  const router = Router({ strict: true, caseSensitive: true });
  // Probes during an outage must not queue up behind each other.
  let pinging: Promise<void> | undefined;
  const pingOnce = () => (pinging ??= ping().finally(() => (pinging = undefined)));

  router.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    if (isDraining()) {
      response.status(503).json({ status: 'draining' });
      return;
    }
    const postgres = (await within(pingOnce(), PING_DEADLINE_MS)) === 'done' ? 'ok' : 'unavailable';
    const isReady = postgres === 'ok';
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'unavailable', postgres });
  });

  return router;
}
