import { afterAll } from 'vitest';

import { createAdmission } from '../../api/admission.ts';
import type { AppDependencies } from '../../api/app.ts';
import { createAskDatabase } from '../../api/ask-database.ts';
import { createAuthenticate } from '../../api/authenticate.ts';
import { idleApp } from '../../api/reference/current.ts';
import { createRememberProfile } from '../../api/remember-profile.ts';
import { openDatabase } from '../../core/db/database.ts';
import type { Database } from '../../core/db/database.ts';
import { listen } from '../../core/listen.ts';
import { standingOf } from '../../core/people/standing.ts';
import { upsertProfile } from '../../core/people/upsert-profile.ts';
import { databaseForFile } from './in-file.ts';
import { createIdentity, createPeople } from './people.ts';
import type { Identity, People } from './people.ts';

export type ApiInProcess = {
  url: string;
  identity: Identity;
  people: People;
  database: Database;
};

/**
 * The API inside of the test's own process, on a real Postgres: for tests that look at its parts or put others in their
 * place. Nobody delivers, and Centrifugo has no part in it.
 */
export async function apiInProcess(parts: Partial<AppDependencies> = {}): Promise<ApiInProcess> {
  const { url } = await databaseForFile();
  const database = openDatabase({
    url,
    applicationName: 'rov-api',
    maxConnections: 8,
    statementTimeoutMs: 4_000,
  });
  const identity = createIdentity();
  const ask = createAskDatabase({ atOnce: 16, deadlineMs: 5_000 });
  const app = idleApp({
    database,
    ask,
    authenticate: createAuthenticate({
      key: { kind: 'secret', secret: identity.secret },
      issuer: identity.issuer,
      audience: identity.audience,
    }),
    admission: createAdmission({
      read: (userId) => ask.read(() => standingOf(database.sql, userId)),
      keptMs: 3_600_000,
      capacity: 10_000,
    }),
    remember: createRememberProfile({
      store: (profile) => ask.read(() => upsertProfile(database.sql, profile)),
      capacity: 10_000,
      keptMs: 3_600_000,
    }),
    channelPosition: {
      of: () => Promise.resolve({ offset: 0, epoch: 'none' }),
      close: () => Promise.resolve(),
    },
    ...parts,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  afterAll(async () => {
    await server.close();
    await database.close(1_000);
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  return {
    url: baseUrl,
    identity,
    database,
    people: createPeople({ identity, baseUrl: () => baseUrl }),
  };
}
