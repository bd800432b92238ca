import type { TokenIssuer } from '@rov/realtime/server';
import express from 'express';
import type { Express, RequestHandler } from 'express';

import type { Database } from '../core/db/database.ts';
import { ping } from '../core/db/ping.ts';
import type { RateLimits } from '../core/limits/rate-limits.ts';
import type { Logger } from '../core/log.ts';
import type { PresenceTimes } from '../core/presence/presence.ts';
import type { Doorbell } from '../core/queue/doorbell.ts';
import type { Admission } from './admission.ts';
import type { AskDatabase } from './ask-database.ts';
import type { Authenticate } from './authenticate.ts';
import { admitCaller, identifyCaller } from './caller.ts';
import { connectionRoutes } from './connections.ts';
import { conversationRoutes } from './conversation.ts';
import { conversationListRoutes } from './conversations.ts';
import { allowOrigins } from './cross-origin.ts';
import type { Ephemeral } from './ephemeral.ts';
import { healthRoutes } from './health.ts';
import { limitRates } from './limit-rates.ts';
import { memberRoutes } from './member.ts';
import { memberListRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import type { Metrics } from './metrics.ts';
import type { ChannelPosition } from './position.ts';
import { presenceRoutes } from './presence.ts';
import { answerProblems } from './problem.ts';
import { reactionRoutes } from './reactions.ts';
import { realtimeRoutes } from './realtime.ts';
import { receiptRoutes } from './receipts.ts';
import { referencePage } from './reference-page.ts';
import { Refusal } from './refusal.ts';
import type { RememberProfile } from './remember-profile.ts';
import { nameRequest } from './request-id.ts';
import { logRequests } from './request-log.ts';
import { secureHeaders } from './security-headers.ts';
import { sessionRoutes } from './sessions.ts';
import { syncRoutes } from './sync.ts';
import { traceRoutes } from './trace.ts';
import { typingRoutes } from './typing.ts';
import { unreadRoutes } from './unread.ts';
import { webClient } from './web-client.ts';

export type AppDependencies = {
  log: Logger;
  metrics: Metrics;
  database: Pick<Database, 'sql' | 'orm'>;
  ask: AskDatabase;
  bell: Doorbell;
  authenticate: Authenticate;
  admission: Admission;
  remember: RememberProfile;
  tokens: TokenIssuer;
  channelPosition: ChannelPosition;
  ephemeral: Ephemeral;
  websocketUrl: string;
  allowedOrigins: readonly string[];
  /** Absent: nobody is limited. */
  limits?: RateLimits | undefined;
  presenceTimes: PresenceTimes;
  isDraining: () => boolean;
  /** The folder of the built web client. */
  webFolder: string;
  /** More routes on the same origin, for example a login for a demonstration. */
  mount?: RequestHandler | undefined;
};

/** The HTTP door as an Express application that nobody listens with yet. */
export function createApp(deps: AppDependencies): Express {
  const { admission, ask, bell, database, log, metrics } = deps;
  const { sql } = database;
  const route = { sql, ask, bell };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(nameRequest, logRequests(log), metrics.measure);
  app.use(secureHeaders(deps), allowOrigins(deps.allowedOrigins));

  app.use(healthRoutes({ ping: () => ping(sql), isDraining: deps.isDraining }));
  app.use(referencePage());

  app.use('/v1', neverStored, identifyCaller(deps));
  // Before anything is asked of the database for them.
  if (deps.limits) app.use('/v1', limitRates(deps.limits));
  app.use(
    // What they get here stays open, or is seen by others, for longer than the call.
    ['/v1/realtime', '/v1/presence/sessions'],
    admitCaller({ ...deps, admit: admission.now }),
  );
  app.use('/v1', admitCaller({ ...deps, admit: admission.lately }));
  app.use(
    realtimeRoutes({ ...deps, sql }),
    connectionRoutes({ ...database, ask }),
    conversationListRoutes(route),
    conversationRoutes(route),
    memberListRoutes(route),
    memberRoutes(route),
    messageRoutes(route),
    traceRoutes(route),
    reactionRoutes(route),
    unreadRoutes(route),
    syncRoutes(route),
    receiptRoutes(route),
    sessionRoutes({ ...route, admission }),
    typingRoutes({ ...deps, sql }),
    presenceRoutes({ ...route, times: deps.presenceTimes }),
  );
  if (deps.mount) app.use(deps.mount);
  app.use(webClient(deps.webFolder));

  app.use(() => {
    throw new Refusal('no_such_route');
  });
  app.use(answerProblems(log));
  return app;
}

const neverStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
