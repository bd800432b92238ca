import { readFileSync } from 'node:fs';

import { createTokenIssuer } from '@rov/realtime/server';
import type { Express } from 'express';
import * as z from 'zod';

import { openDatabase } from '../../core/db/database.ts';
import { createLog } from '../../core/log.ts';
import { PRESENCE_TIMES } from '../../core/presence/presence.ts';
import { createApp } from '../app.ts';
import type { AppDependencies } from '../app.ts';
import { createAskDatabase } from '../ask-database.ts';
import { createMetrics } from '../metrics.ts';
import { WEB_DIST } from '../web-client.ts';
import { describeApi } from './document.ts';
import { describeEvents } from './events/document.ts';
import { OPERATIONS } from './operations/all.ts';
import { routesOf } from './routes.ts';
import type { Route } from './routes.ts';
import type { Json } from './schemas.ts';

/** Pages for people, which no client calls. */
const PAGES = /^GET \/docs(\/|$)/;

/** The OpenAPI document of the API as its sources are now. */
export function currentDocument(): Json {
  return describeApi(describedRoutes(idleApp()), { operations: OPERATIONS, version: version() });
}

/** The AsyncAPI document of the events as the contract has them now. */
export function currentEvents(): Json {
  return describeEvents({ version: version() });
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

export function describedRoutes(app: Express): Route[] {
  return routesOf(app).filter(({ name }) => !PAGES.test(name));
}

/** The API with parts that nothing is asked of, but for those that are given: its routes can be looked at. */
export function idleApp(parts: Partial<AppDependencies> = {}): Express {
  const nobody = () => Promise.reject(new Error('Nobody calls this API'));
  return createApp({
    log: createLog({ door: 'api', level: 'silent' }),
    metrics: createMetrics(),
    database: openDatabase({
      url: 'postgres://127.0.0.1/none',
      applicationName: 'none',
      maxConnections: 1,
    }),
    ask: createAskDatabase({ atOnce: 1, deadlineMs: 0 }),
    bell: { ring: () => undefined, settled: () => Promise.resolve() },
    authenticate: nobody,
    admission: { now: nobody, lately: nobody, forget: () => undefined },
    remember: nobody,
    tokens: createTokenIssuer({ hmacSecret: 'none' }),
    channelPosition: { of: nobody, close: () => Promise.resolve() },
    ephemeral: { tell: () => undefined, close: () => Promise.resolve() },
    websocketUrl: 'ws://127.0.0.1/',
    allowedOrigins: [],
    presenceTimes: PRESENCE_TIMES,
    isDraining: () => false,
    webFolder: WEB_DIST,
    ...parts,
  });
}
